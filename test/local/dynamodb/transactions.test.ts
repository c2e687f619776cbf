import {
  DeleteItemCommand,
  type DynamoDBClient,
  ExecuteStatementCommand,
  ListBackupsCommand,
  PutItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createTables } from '../../../packages/local/src/dynamodb/create-tables.ts';
import { emptyStore } from './empty-store.ts';

const TableName = 'Items';

const table = {
  name: TableName,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
};

const item = (pk: string, version: number) => ({ pk: { S: pk }, version: { N: String(version) } });

const put = (pk: string, version: number): TransactWriteItem => ({
  Put: { TableName, Item: item(pk, version) },
});

/** A put that is refused if the item exists already. */
const putNew = (
  pk: string,
  version: number,
  more: { ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' } = {},
) => ({
  Put: { TableName, Item: item(pk, version), ConditionExpression: 'attribute_not_exists(pk)', ...more },
});

/** A table that holds `old` in its first version. */
async function tableWithOld(): Promise<DynamoDBClient> {
  const { url, client } = await emptyStore();
  await createTables(url, [table]);
  await client.send(new PutItemCommand({ TableName, Item: item('old', 1) }));
  return client;
}

const transact = (client: DynamoDBClient, ...TransactItems: TransactWriteItem[]) =>
  client.send(new TransactWriteItemsCommand({ TransactItems }));

async function itemsOf(client: DynamoDBClient): Promise<Record<string, unknown>> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Object.fromEntries(Items.map(({ pk, version }) => [pk?.S, Number(version?.N)]));
}

describe('a transaction', () => {
  it('puts every item', async () => {
    const client = await tableWithOld();
    await transact(client, put('old', 2), putNew('new', 1));

    expect(await itemsOf(client)).toEqual({ old: 2, new: 1 });
  });

  it.each([
    ['last', [put('other', 2), putNew('new', 1), putNew('old', 3)]],
    ['first', [putNew('old', 3), putNew('new', 1)]],
  ])('puts none if the condition of the %s is not met', async (_which, items) => {
    const client = await tableWithOld();

    await expect(transact(client, ...items)).rejects.toBeInstanceOf(TransactionCanceledException);
    expect(await itemsOf(client)).toEqual({ old: 1 });
  });

  it('gives a reason for each item, with the stored item if the request asks for it', async () => {
    const client = await tableWithOld();
    await client.send(new PutItemCommand({ TableName, Item: item('older', 1) }));
    const items = [
      putNew('new', 1),
      putNew('older', 2),
      putNew('old', 3, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    ];

    const refused = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };

    await expect(transact(client, ...items)).rejects.toHaveProperty('CancellationReasons', [
      { Code: 'None' },
      refused,
      { ...refused, Item: item('old', 1) },
    ]);
  });

  it('puts none if an item is invalid, and says why', async () => {
    const client = await tableWithOld();
    const wrong = { Put: { TableName: 'Nowhere', Item: item('x', 1) } };

    await expect(transact(client, put('old', 2), wrong)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(await itemsOf(client)).toEqual({ old: 1 });
  });

  const key = (pk: string) => ({ TableName, Key: { pk: { S: pk } } });

  const setVersion = (pk: string, version: number, ConditionExpression?: string): TransactWriteItem => ({
    Update: {
      ...key(pk),
      UpdateExpression: 'SET version = :v',
      ExpressionAttributeValues: { ':v': { N: String(version) } },
      ...(ConditionExpression !== undefined && { ConditionExpression }),
    },
  });

  const isAt = (pk: string, version: number): TransactWriteItem => ({
    ConditionCheck: {
      ...key(pk),
      ConditionExpression: 'version = :v',
      ExpressionAttributeValues: { ':v': { N: String(version) } },
    },
  });

  it('updates, deletes and checks items', async () => {
    const client = await tableWithOld();
    await transact(client, put('gone', 1), setVersion('made', 7));
    await transact(client, setVersion('old', 2), { Delete: key('gone') }, isAt('made', 7), {
      ConditionCheck: { ...key('never'), ConditionExpression: 'attribute_not_exists(pk)' },
    });

    expect(await itemsOf(client)).toEqual({ old: 2, made: 7 });
  });

  it.each<[what: string, failing: TransactWriteItem]>([
    ['a check', isAt('old', 9)],
    ['a check of an item that is not there', isAt('nothing', 1)],
    ['an update', setVersion('old', 9, 'attribute_not_exists(pk)')],
    ['a deletion', { Delete: { ...key('old'), ConditionExpression: 'attribute_not_exists(version)' } }],
  ])('changes nothing if the condition of %s is not met', async (_what, failing) => {
    const client = await tableWithOld();
    await transact(client, put('kept', 1), put('bound', 1));
    const others = [setVersion('kept', 2), setVersion('new', 1), { Delete: key('bound') }];

    await expect(transact(client, ...others, failing)).rejects.toMatchObject({
      message: expect.stringContaining('[None, None, None, ConditionalCheckFailed]'),
    });
    expect(await itemsOf(client)).toEqual({ old: 1, kept: 1, bound: 1 });
  });

  it.each<[what: string, items: TransactWriteItem[], message: RegExp]>([
    ['one item twice', [put('a', 1), setVersion('a', 2)], /cannot include multiple operations on one item/],
    ['no item', [], /greater than or equal to 1/],
    ['101 items', Array.from({ length: 101 }, (_, at) => put(`item ${at}`, 1)), /less than or equal to 100/],
    ['two members in one part', [{ ...put('a', 1), ...setVersion('a', 2) }], /only contain one of/],
  ])('is refused with %s, and writes nothing', async (_what, items, message) => {
    const client = await tableWithOld();

    await expect(transact(client, ...items)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
    expect(await itemsOf(client)).toEqual({ old: 1 });
  });

  it('runs once for each token', async () => {
    const client = await tableWithOld();
    const once = (version: number) =>
      client.send(
        new TransactWriteItemsCommand({
          ClientRequestToken: 'token',
          TransactItems: [setVersion('old', version)],
        }),
      );
    await once(2);
    await client.send(new PutItemCommand({ TableName, Item: item('old', 3) }));
    await once(2);

    expect(await itemsOf(client)).toEqual({ old: 3 });
    await expect(once(4)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  });

  it('runs again with the token of one that was refused', async () => {
    const client = await tableWithOld();
    const attempt = () =>
      client.send(
        new TransactWriteItemsCommand({ ClientRequestToken: 'token', TransactItems: [putNew('old', 2)] }),
      );
    await expect(attempt()).rejects.toBeInstanceOf(TransactionCanceledException);
    await client.send(new DeleteItemCommand(key('old')));
    await attempt();

    expect(await itemsOf(client)).toEqual({ old: 2 });
  });

  it('is never seen half done', async () => {
    const client = await tableWithOld();
    const writes = Array.from({ length: 10 }, (_, version) =>
      transact(client, put('a', version), put('b', version)),
    );
    const reads = Array.from({ length: 10 }, () => itemsOf(client));
    const seen = await Promise.all(reads);
    await Promise.all(writes);

    expect(seen.filter(({ a, b }) => a !== b)).toEqual([]);
  });

  it('takes turns with requests that come at the same time', async () => {
    const client = await tableWithOld();
    const requests = Array.from({ length: 10 }, (_, index) =>
      Promise.all([
        transact(client, put(`put ${index}`, index)),
        client.send(new DeleteItemCommand({ TableName, Key: { pk: { S: 'old' } } })),
      ]),
    );
    await Promise.all(requests);

    expect(Object.keys(await itemsOf(client))).toHaveLength(10);
  });
});

describe('a transaction of reads', () => {
  const read = (client: DynamoDBClient, ...keys: string[]) =>
    client.send(
      new TransactGetItemsCommand({
        TransactItems: keys.map((pk) => ({ Get: { TableName, Key: { pk: { S: pk } } } })),
      }),
    );

  it('answers each item in the order of the request, and nothing for one that is not there', async () => {
    const client = await tableWithOld();
    const { Responses } = await read(client, 'nothing', 'old');

    expect(Responses).toEqual([{}, { Item: item('old', 1) }]);
  });

  it('never sees a transaction of writes half done', async () => {
    const client = await tableWithOld();
    const writes = Array.from({ length: 5 }, (_, version) =>
      transact(client, put('a', version), put('b', version)),
    );
    const reads = await Promise.all(Array.from({ length: 5 }, () => read(client, 'a', 'b')));
    await Promise.all(writes);
    const versions = reads.map(({ Responses = [] }) => Responses.map(({ Item }) => Item?.['version']?.N));

    expect(versions.filter(([a, b]) => a !== b)).toEqual([]);
  });

  it('is refused with one item twice', async () => {
    const client = await tableWithOld();

    await expect(read(client, 'old', 'old')).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

it.each([
  [
    new ExecuteStatementCommand({ Statement: 'SELECT * FROM Items' }),
    'PartiQL: it does not know ExecuteStatement',
  ],
  [new ListBackupsCommand({}), 'backups: it does not know ListBackups'],
])('an operation that is not there is refused by its name', async (command, message) => {
  const client: { send(command: unknown): Promise<unknown> } = await tableWithOld();

  await expect(client.send(command)).rejects.toThrow(message);
});
