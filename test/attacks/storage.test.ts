/** The rows that anonymous visitors leave in the tables after they have gone. */

import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { BURST_MS } from 'fanfare-protocol/limits';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHARGE_KEPT_MS } from '../../lambdas/aws/dynamo-charges.ts';
import { VACATED_KEPT_MS } from '../../lambdas/aws/dynamo-occupancy.ts';
import { Client } from '../local/client.ts';
import { Queue } from '../local/queue.ts';
import { type Runtime, startRuntime } from '../runtime.ts';

/** 10,000 names take long: `STORAGE_VISITS=200 npx vitest run test/attacks/storage.test.ts`. */
const VISITS = Number(process.env['STORAGE_VISITS'] ?? 1);

const NAMES_PER_VISIT = 50;

/** The time limit of a frame of commands on a machine that runs other tests. */
const NAMES_PER_FRAME = 10;

type Item = Record<string, AttributeValue>;

/** The name without the suffix of the CDK. */
const plainName = (table: string) => table.replace(/^Storage|\w{8}$/g, '');

describe('visitors without a name who ask for channels without a message', () => {
  let runtime: Runtime;
  let dynamodb: DynamoDBClient;
  const disconnected = new Queue<string>();

  beforeAll(async () => {
    runtime = await startRuntime({
      onInvoked: (name) => void (name.startsWith('disconnect') && disconnected.put(name)),
    });
    dynamodb = new DynamoDBClient({
      endpoint: runtime.urls.dynamodb,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });

  afterAll(async () => {
    dynamodb.destroy();
    await runtime.close();
  });

  /** Subscribes to names, reads from each of them, and leaves. */
  async function visit(number: number): Promise<unknown[]> {
    const client = await Client.open(runtime.urls.websocket);
    const replies: unknown[] = [];
    for (let first = 0; first < NAMES_PER_VISIT; first += NAMES_PER_FRAME) {
      const names = Array.from({ length: NAMES_PER_FRAME }, (_, index) => `open:${number}-${first + index}`);
      for (const action of ['subscribe', 'history', 'members'])
        replies.push(await client.ask(names.map((channel) => ({ action, channel }))));
    }
    await client.close();
    return replies.flat();
  }

  /** The items of a table. */
  async function left(name: string): Promise<readonly Item[]> {
    const items: Item[] = [];
    const TableName = runtime.tables.find((table) => plainName(table) === name);
    for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName }))
      items.push(...Items);
    return items;
  }

  it('leave nothing but rows of occupancy and of charges, which end by themselves', {
    timeout: VISITS * 600_000,
  }, async () => {
    const replies: unknown[] = [];
    for (let number = 0; number < VISITS; number += 1) replies.push(...(await visit(number)));
    // The platform runs `$disconnect` some time after a socket was closed.
    for (let number = 0; number < VISITS; number += 1) await disconnected.next();
    await runtime.idle();

    const tables: Record<string, readonly Item[]> = {};
    for (const name of runtime.tables.map(plainName)) tables[name] = await left(name);

    const counts = Object.entries(tables).map(([name, items]) => `${name} ${items.length}`);
    process.stdout.write(`${VISITS * NAMES_PER_VISIT} anonymous subscribes left: ${counts.join(', ')}\n`);
    expect(replies.filter((reply) => JSON.stringify(reply).includes('"error"'))).toEqual([]);
    const { Occupancy: vacated = [], Charges: charges = [], ...others } = tables;
    expect(Object.values(others).flat()).toEqual([]);
    // A charge limits its own connection only, and to delete it with the connection would be a write for each of them.
    expect(charges.length).toBeLessThanOrEqual(VISITS);
    const forgotten = (Date.now() + BURST_MS + CHARGE_KEPT_MS) / 1000 + 1;
    for (const { expiresAt } of charges) expect(Number(expiresAt?.N)).toBeLessThanOrEqual(forgotten);
    // These rows are for late workers, which find the last event there. They end by themselves.
    const end = (Date.now() + VACATED_KEPT_MS) / 1000 + 1;
    for (const { occupied, expiresAt } of vacated) {
      expect(occupied?.BOOL).toBe(false);
      expect(Number(expiresAt?.N)).toBeLessThanOrEqual(end);
    }
  });
});
