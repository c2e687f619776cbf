import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { prices } from 'fanfare-local';
import { beforeEach, describe, expect, it } from 'vitest';
import { erase } from '../../../bin/erasure/erase.ts';
import { exportUser } from '../../../bin/erasure/export.ts';
import { readPosition } from '../../../bin/erasure/position.ts';
import { erasureReport } from '../../../bin/erasure/report.ts';
import { rules, tableNames } from '../../../bin/erasure/rules.ts';
import { stageTables } from '../../../bin/erasure/stage-tables.ts';
import { findSubject, type Place } from '../../../bin/erasure/walk.ts';
import type { Item } from '../../../lambdas/aws/record-item.ts';

const dynamodb = mockClient(DynamoDBClient);

/** As the CDK writes it. */
const logicalIdOf = (name: string) => `Storage${name.charAt(0).toUpperCase()}${name.slice(1)}1A2B3C4D`;

const { tables } = stageTables(
  tableNames.map((name) => ({ logicalId: logicalIdOf(name), name: `prod-${name}` })),
);

const place: Place = {
  client: new DynamoDBClient({ region: 'eu-west-1' }),
  tables,
  pace: { spend: async () => {} },
  now: () => 1_800_000_000_000,
};

const message = (seq: number, from = 'ann'): Item => ({
  channel: { S: 'chat:a' },
  seq: { N: String(seq) },
  from: { S: from },
  data: { S: '"hi"' },
});

/** The messages are on two pages, and every other table is empty. */
function serve(
  first: readonly Item[],
  second: readonly Item[],
  rest: Readonly<Record<string, Item>> = {},
): void {
  dynamodb.on(ScanCommand).callsFake(({ TableName, ExclusiveStartKey }) => {
    const ConsumedCapacity = { CapacityUnits: 2 };
    const [item] = Object.entries(rest).flatMap(([table, one]) =>
      TableName === `prod-${table}` ? [one] : [],
    );
    if (TableName !== 'prod-messages') return { Items: item ? [item] : [], ConsumedCapacity };
    return ExclusiveStartKey
      ? { Items: second, ConsumedCapacity }
      : { Items: first, ConsumedCapacity, LastEvaluatedKey: { channel: { S: 'chat:a' }, seq: { N: '2' } } };
  });
}

const eraseAnn = async (isDry: boolean, from?: string) =>
  erase(place, await findSubject(place, 'ann'), {
    isDry,
    ...(from !== undefined && { from: readPosition(from) }),
  });

const writes = () => [
  ...dynamodb.commandCalls(DeleteItemCommand),
  ...dynamodb.commandCalls(UpdateItemCommand),
];

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(DeleteItemCommand).resolves({});
  dynamodb.on(UpdateItemCommand).resolves({});
});

describe('the erasure', () => {
  it('counts the items of every page without --yes, and writes nothing', async () => {
    serve([message(1), message(2, 'bob')], [message(3)]);

    const tallies = await eraseAnn(true);

    expect(tallies.get('messages')).toEqual({
      deleted: 0,
      rewritten: 2,
      kept: new Map(),
      readUnits: 4,
      writeUnits: 2,
    });
    // The connections are read twice: first to find the ids of the user's.
    expect(tallies.get('connections')?.readUnits).toBe(4);
    expect(writes()).toEqual([]);
  });

  it('names each item by its whole key, and expects its author', async () => {
    serve([message(1)], [], {
      readPositions: { user: { S: 'ann' }, channel: { S: 'chat:a' }, seq: { N: '1' } },
    });

    await eraseAnn(false);

    const [position, emptied] = writes().map(({ args: [{ input }] }) => input);
    expect(position).toEqual({
      TableName: 'prod-readPositions',
      Key: { user: { S: 'ann' }, channel: { S: 'chat:a' } },
    });
    expect(emptied).toMatchObject({
      TableName: 'prod-messages',
      Key: { channel: { S: 'chat:a' }, seq: { N: '1' } },
      ConditionExpression: '#from = :user',
    });
  });

  it('goes on if another user has written the item meanwhile', async () => {
    serve([message(1)], []);
    dynamodb
      .on(UpdateItemCommand)
      .rejects(new ConditionalCheckFailedException({ message: 'written anew', $metadata: {} }));

    await expect(eraseAnn(false)).resolves.toBeDefined();
  });

  it('says where to go on when it breaks off, and goes on there', async () => {
    serve([message(1)], [message(3)]);
    dynamodb
      .on(UpdateItemCommand)
      .resolvesOnce({})
      .rejectsOnce(new Error('the network is down'))
      .resolves({});

    const error = await eraseAnn(false).catch((thrown: unknown) => String(thrown));
    const [, position = ''] = /--from (\S+)/.exec(String(error)) ?? [];
    dynamodb.resetHistory();
    await eraseAnn(false, position);

    expect(error).toContain('The table messages could not be done: the network is down');
    const scanned = dynamodb.commandCalls(ScanCommand).map(({ args: [{ input }] }) => input);
    expect(scanned.find(({ TableName }) => TableName === 'prod-messages')?.ExclusiveStartKey).toEqual({
      channel: { S: 'chat:a' },
      seq: { N: '2' },
    });
    expect(scanned.some(({ TableName }) => TableName === 'prod-revocations')).toBe(false);
    expect(writes()).toHaveLength(1);
  });

  it.each(['', 'x', Buffer.from('{"table":"users"}').toString('base64url')])(
    'takes no other text as a position: %j',
    (text) => {
      expect(readPosition(text)).toBeUndefined();
    },
  );
});

describe('the report', () => {
  it('shows the counts, the cost, what stays and what is out of reach', async () => {
    serve([message(1)], [], { revocations: { user: { S: 'ann' }, issuedBefore: { N: '1' } } });
    const facts = { user: 'ann', tallies: await eraseAnn(true), prices, others: ['prod-orders'] };

    const report = erasureReport({ ...facts, isDry: true });

    expect(report).toMatch(/^messages +0 +1 +0 +4 +1$/m);
    expect(report).toMatch(/^all +0 +1 +1 +34 +1$/m);
    // 34 units at $0.125 a million, and one at $0.625.
    expect(report).toContain('It would cost about $0.000005, ');
    expect(report).toContain('1 of revocations stay: it refuses the tokens that the user still has.');
    expect(report).toContain('Tables of your own in this stack: prod-orders.');
    expect(report).toContain('Nothing was changed.');
    expect(erasureReport({ ...facts, isDry: false })).not.toContain('Nothing was changed.');
  });
});

describe('the export', () => {
  it('has the items as JSON, by their tables, and writes nothing', async () => {
    serve([message(1), message(2, 'bob')], [message(3)]);
    const { subject } = await findSubject(place, 'ann');

    expect(await exportUser(place, subject)).toEqual({
      user: 'ann',
      at: '2027-01-15T08:00:00.000Z',
      tables: {
        messages: [1, 3].map((seq) => ({ channel: 'chat:a', seq, from: 'ann', data: '"hi"' })),
      },
    });
    expect(writes()).toEqual([]);
  });
});

describe('the tables of a stage', () => {
  it('are found by their ids in the template, and those of the application are named', () => {
    const named = tableNames.map((name) => ({ logicalId: `Realtime${logicalIdOf(name)}`, name }));
    const { tables: found, others } = stageTables([
      ...named,
      { logicalId: 'Orders1A2B3C4D', name: 'orders' },
    ]);

    expect(found).toEqual(Object.fromEntries(Object.keys(rules).map((name) => [name, name])));
    expect(others).toEqual(['orders']);
  });

  it('have to be all there', () => {
    expect(() => stageTables([])).toThrow('The stage has no table connections: deploy this version first.');
  });
});
