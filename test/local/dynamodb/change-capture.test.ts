/** The stream records of writes through the embedded store. */

import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTables } from '../../../packages/local/src/dynamodb/create-tables.ts';
import { startEmbeddedStore } from '../../../packages/local/src/dynamodb/embedded-store.ts';
import type { StreamRecord } from '../../../packages/local/src/dynamodb/stream-record.ts';

const keyed = (name: string) => ({
  name,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
});

const streamed = {
  name: 'Items',
  keyNames: ['pk'],
  viewType: 'NEW_AND_OLD_IMAGES' as const,
  streamArn: 'arn:stream',
  ttlAttribute: 'ttl',
};

const TableName = 'Items';
const numbered = (pk: string, n: number) => ({ pk: { S: pk }, n: { N: String(n) } });
const put = (pk: string, n: number) => new PutItemCommand({ TableName, Item: numbered(pk, n) });

/** A store with two tables, of which one has a stream. */
async function streamingStore() {
  const records: StreamRecord[] = [];
  const store = await startEmbeddedStore({ tables: [streamed], onRecord: (record) => records.push(record) });
  await createTables(store.url, [keyed(TableName), keyed('Others')]);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: store.url, region: 'us-east-1', credentials });
  onTestFinished(async () => {
    client.destroy();
    await store.close();
  });
  /** Each record as `INSERT a: old -> new`. */
  const told = () =>
    records.map(({ eventName, dynamodb: { Keys, OldImage, NewImage } }) => {
      const [before, after] = [OldImage, NewImage].map((image) => image?.['n']?.['N'] ?? '-');
      return `${eventName} ${Keys['pk']?.['S']}: ${before} -> ${after}`;
    });
  return { store, client, records, told };
}

describe('a table with a stream', () => {
  it('has a record of every put, update and delete, with both images', async () => {
    const { client, told } = await streamingStore();
    await client.send(put('a', 1));
    await client.send(put('a', 2));
    const update = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
    await client.send(new UpdateItemCommand({ TableName, Key: { pk: { S: 'a' } }, ...update }));
    await client.send(new UpdateItemCommand({ TableName, Key: { pk: { S: 'b' } }, ...update }));
    await client.send(new DeleteItemCommand({ TableName, Key: { pk: { S: 'a' } } }));

    expect(told()).toEqual([
      'INSERT a: - -> 1',
      'MODIFY a: 1 -> 2',
      'MODIFY a: 2 -> 3',
      'INSERT b: - -> 1',
      'REMOVE a: 3 -> -',
    ]);
  });

  it('has a record of each item of a batch or a transaction', async () => {
    const { client, told } = await streamingStore();
    await client.send(put('a', 1));
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          Items: [{ DeleteRequest: { Key: { pk: { S: 'a' } } } }, { PutRequest: { Item: numbered('b', 1) } }],
          Others: [{ PutRequest: { Item: numbered('x', 1) } }],
        },
      }),
    );
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: numbered('b', 2) } },
          { Put: { TableName: 'Others', Item: numbered('y', 1) } },
          { Put: { TableName, Item: numbered('c', 1) } },
        ],
      }),
    );

    expect(told()).toEqual([
      'INSERT a: - -> 1',
      'REMOVE a: 1 -> -',
      'INSERT b: - -> 1',
      'MODIFY b: 1 -> 2',
      'INSERT c: - -> 1',
    ]);
  });

  it('has no record of a request that changes nothing', async () => {
    const { client, told } = await streamingStore();
    await client.send(put('a', 1));
    await client.send(put('a', 1));
    await client.send(new DeleteItemCommand({ TableName, Key: { pk: { S: 'b' } } }));
    await client.send(new GetItemCommand({ TableName, Key: { pk: { S: 'a' } } }));

    expect(told()).toEqual(['INSERT a: - -> 1']);
  });

  it('has no record of a failed write: a failed condition, a failed transaction, or an invalid request', async () => {
    const { client, told } = await streamingStore();
    await client.send(put('a', 1));
    const ConditionExpression = 'attribute_not_exists(pk)';
    const refused = { TableName, Item: numbered('a', 2), ConditionExpression };
    const attempts = [
      client.send(new PutItemCommand(refused)),
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [{ Put: { TableName, Item: numbered('b', 1) } }, { Put: refused }],
        }),
      ),
      client.send(new PutItemCommand({ TableName, Item: { n: { N: '1' } } })),
    ];

    expect((await Promise.allSettled(attempts)).map(({ status }) => status)).toEqual(
      Array(3).fill('rejected'),
    );
    expect(told()).toEqual(['INSERT a: - -> 1']);
  });

  it('answers a write with the answer of the store, including the old item', async () => {
    const { client } = await streamingStore();
    await client.send(put('a', 1));
    const answer = await client.send(
      new PutItemCommand({ TableName, Item: numbered('a', 2), ReturnValues: 'ALL_OLD' }),
    );

    expect(answer.Attributes).toEqual(numbered('a', 1));
  });

  it('has the record of a write before the answer, under a higher number than all records before', async () => {
    const { client, records } = await streamingStore();
    for (let n = 0; n < 20; n++) {
      await client.send(put('a', n));
      expect(records).toHaveLength(n + 1);
    }
    const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);

    expect(numbers.every((number) => /^\d{28}$/.test(number))).toBe(true);
    expect(numbers).toEqual([...new Set(numbers)].sort());
  });

  it('has one record for each concurrent write of an item, and each old image is the new image before', async () => {
    const { client, records } = await streamingStore();
    const add = new UpdateItemCommand({
      TableName,
      Key: { pk: { S: 'a' } },
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    });
    await Promise.all(Array.from({ length: 50 }, () => client.send(add)));
    const images = records.map(({ dynamodb: { OldImage, NewImage } }) => [
      Number(OldImage?.['n']?.['N'] ?? 0),
      Number(NewImage?.['n']?.['N']),
    ]);

    expect(images).toEqual(Array.from({ length: 50 }, (_, n) => [n, n + 1]));
  });
});

describe('a table without a stream', () => {
  it('has no records', async () => {
    const { client, told } = await streamingStore();
    await client.send(new PutItemCommand({ TableName: 'Others', Item: numbered('a', 1) }));

    expect(told()).toEqual([]);
  });
});

describe('the time to live', () => {
  const expiring = (pk: string, ttl: number) =>
    new PutItemCommand({ TableName, Item: { pk: { S: pk }, ttl: { N: String(Math.floor(ttl)) } } });

  it('removes expired items only, and its records name the service', async () => {
    const { store, client, records } = await streamingStore();
    const now = Date.now() / 1000;
    await client.send(expiring('gone', now - 1));
    await client.send(expiring('later', now + 600));
    await client.send(put('forever', 1));
    records.splice(0);
    await store.expireItems();

    expect(records).toMatchObject([
      {
        eventName: 'REMOVE',
        userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
        dynamodb: { Keys: { pk: { S: 'gone' } } },
      },
    ]);
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: 'gone' } } }));
    expect(Item).toBeUndefined();
  });

  it('removes an item once when two runs overlap', async () => {
    const { store, client, records } = await streamingStore();
    await client.send(expiring('gone', Date.now() / 1000 - 1));
    records.splice(0);
    await Promise.all([store.expireItems(), store.expireItems()]);

    expect(records).toHaveLength(1);
  });
});
