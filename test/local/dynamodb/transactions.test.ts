import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
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
    ['last', [put('old', 2), putNew('new', 1), putNew('old', 3)]],
    ['first', [putNew('old', 3), putNew('new', 1)]],
  ])('puts none if the condition of the %s is not met', async (_which, items) => {
    const client = await tableWithOld();

    await expect(transact(client, ...items)).rejects.toBeInstanceOf(TransactionCanceledException);
    expect(await itemsOf(client)).toEqual({ old: 1 });
  });

  it('gives a reason for each item, with the stored item if the request asks for it', async () => {
    const client = await tableWithOld();
    const items = [
      putNew('new', 1),
      putNew('old', 2),
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

  it('refuses a transaction with a deletion, and writes nothing', async () => {
    const client = await tableWithOld();
    const deletion = { Delete: { TableName, Key: { pk: { S: 'old' } } } };

    await expect(transact(client, deletion)).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'The embedded store knows transactions of puts only.',
    });
    expect(await itemsOf(client)).toEqual({ old: 1 });
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
