/** What setting a value costs, and what a snapshot of 10,000 values takes: the deployed code on the embedded DynamoDB. */

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { actionContext } from '../lambdas/actions/action.ts';
import { answer } from '../lambdas/actions/answer.ts';
import { batchWrite } from '../lambdas/aws/batch-write.ts';
import type { FanfareConfig } from '../lambdas/realtime/access/namespaces.ts';
import { open } from '../lambdas/realtime/connections/membership.ts';
import { NO_METER } from '../packages/local/src/bill/meter.ts';
import { startEmbeddedStore } from '../packages/local/src/dynamodb/embedded-store.ts';
import { storesOn, tableName } from '../test/contracts/dynamo-stores.ts';
import { publishPage } from './report.ts';
import { unheardPorts } from './unheard-ports.ts';
import { type SetCost, type SnapshotFigures, valuesPage } from './values/values-page.ts';

const NAMES = 10_000;
const HOUR = 60 * 60 * 1000;

/** Of a channel in a snapshot: the data of a value is a text of this many characters. */
const SIZES = [20, 200] as const;

const ITEMS_PER_CALL = 25;

const policy = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: 24 },
  presence: 'none',
  values: { hours: 24 },
} as const;
const config: FanfareConfig = { namespaces: { open: policy }, builtIn: { '@all': policy, '@user': policy } };

const reply = v.object({ seq: v.optional(v.number()), next: v.optional(v.string()) });

/** What is set before, so that each step has its case. `seq` is that of the step before it. */
const steps: readonly { readonly what: string; readonly command: (seq: number) => object }[] = [
  { what: 'a message without a name', command: () => ({ data: 'x' }) },
  { what: 'set', command: () => ({ name: 'a', data: 'x' }) },
  { what: 'set with a key', command: () => ({ name: 'a', data: 'x', key: 'k' }) },
  { what: 'the same again: a known key', command: () => ({ name: 'a', data: 'x', key: 'k' }) },
  { what: 'set with `ifSeq`', command: (seq) => ({ name: 'a', data: 'x', ifSeq: seq }) },
  { what: 'set with `ifSeq` and a key', command: (seq) => ({ name: 'a', data: 'x', ifSeq: seq, key: 'l' }) },
  { what: 'a conflict', command: () => ({ name: 'a', data: 'x', ifSeq: 1 }) },
  { what: 'remove', command: () => ({ name: 'a', remove: true }) },
  { what: 'claim with `ifSeq: 0` and a key', command: () => ({ name: 'a', data: 'x', ifSeq: 0, key: 'm' }) },
  {
    what: 'set of 50 names in one publish',
    command: () => ({ messages: Array.from({ length: 50 }, (_, n) => ({ name: `n${n}`, data: 'x' })) }),
  },
];

export async function benchValues(): Promise<void> {
  const units = { read: 0, write: 0 };
  const api = await startEmbeddedStore(undefined, {
    ...NO_METER,
    capacity: ({ kind, units: consumed }) => {
      units[kind] += consumed;
    },
  });
  const { client, ...stores } = await storesOn(api.url);
  const ports = unheardPorts(stores);

  /** A connection of its own for each command, so that no rate limit is met. */
  const ask = async (command: object) => {
    const now = Date.now();
    const session = {
      connectionId: randomUUID(),
      user: 'ann',
      connectedAt: now,
      receivedAt: now,
      requestId: 'bench',
    };
    await open(ports, config, session);
    const before = { ...units };
    const started = performance.now();
    const text = await answer(JSON.stringify(command), session, actionContext(config, ports));
    const ms = performance.now() - started;
    return { text, ms, read: units.read - before.read, write: units.write - before.write };
  };

  const sets: SetCost[] = [];
  let seq = 0;
  await ask({ action: 'publish', channel: 'open:set', data: 'the first message' });
  for (const { what, command } of steps) {
    const { text, write, read } = await ask({ action: 'publish', channel: 'open:set', ...command(seq) });
    seq = v.parse(reply, JSON.parse(text)).seq ?? seq;
    sets.push({ what, write, read });
  }

  const snapshots: SnapshotFigures[] = [];
  for (const bytes of SIZES) {
    const channel = `open:snapshot-${bytes}`;
    await fill(channel, bytes);
    const figures = { bytes, names: NAMES, replies: 0, frames: 0, sent: 0, read: 0, write: 0, ms: 0 };
    let command: object = { action: 'subscribe', channel, values: true };
    for (;;) {
      const { text, ms, read } = await ask(command);
      const size = Buffer.byteLength(text);
      figures.replies += 1;
      figures.frames += Math.ceil(size / (32 * 1024));
      figures.sent += size;
      figures.read += read;
      figures.ms += ms;
      const { next } = v.parse(reply, JSON.parse(text));
      if (next === undefined) break;
      command = { action: 'values', channel, cursor: next };
    }
    snapshots.push(figures);
  }
  client.destroy();
  await api.close();
  await publishPage('values', valuesPage(sets, snapshots));

  /** The rows as `set` leaves them, set an hour ago. */
  async function fill(channel: string, bytes: number): Promise<void> {
    const time = Date.now() - HOUR;
    const { createdAt } = await stores.channelLog.raise(channel, NAMES, time, true);
    const rows = Array.from({ length: NAMES }, (_, index) => ({
      channel: { S: channel },
      name: { S: `player-${String(index).padStart(5, '0')}` },
      seq: { N: String(createdAt + 1 + index) },
      time: { N: String(time) },
      data: { S: JSON.stringify('x'.repeat(bytes)) },
      from: { S: `user-${index}` },
      expiresAt: { N: String(Math.ceil(time / 1000) + 24 * 3_600) },
    }));
    for (let first = 0; first < rows.length; first += ITEMS_PER_CALL) {
      const call = rows.slice(first, first + ITEMS_PER_CALL);
      const puts = call.map((Item) => [tableName('Values'), { PutRequest: { Item } }] as const);
      await batchWrite(client, puts);
    }
  }
}
