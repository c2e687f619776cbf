import { crc32 } from 'node:zlib';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ConsumedCapacity, NO_METER } from '../../../packages/local/src/bill/meter.ts';
import { createTables } from '../../../packages/local/src/dynamodb/create-tables.ts';
import { startEmbeddedStore } from '../../../packages/local/src/dynamodb/embedded-store.ts';
import type { TableModel } from '../../../packages/local/src/template/table-model.ts';

const TABLE = 'rooms';
const KB = 1024;
const table: TableModel = {
  name: TABLE,
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
};
const key = (id: string) => ({ id: { S: id } });

/** An item of exactly this size in bytes. */
const sized = (id: string, bytes: number) => ({
  ...key(id),
  x: { S: 'x'.repeat(bytes - 'id'.length - id.length - 'x'.length) },
});

/** A store with one table, and the capacity that requests have consumed since the last question. */
async function meteredStore() {
  const consumed: ConsumedCapacity[] = [];
  const store = await startEmbeddedStore(undefined, {
    ...NO_METER,
    capacity: (one) => void consumed.push(one),
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: store.url, region: 'us-east-1', credentials });
  onTestFinished(async () => {
    client.destroy();
    await store.close();
  });
  await createTables(store.url, [table]);
  const taken = () => consumed.splice(0).map(({ kind, tableName, units }) => [kind, tableName, units]);
  return { client, url: store.url, taken };
}

async function request(url: string, operation: string, json: string) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20000101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=local/0, SignedHeaders=host, Signature=0',
    },
    body: json,
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

describe('the capacity that a request consumes', () => {
  it('is a write unit for each kilobyte of the larger one of the item before and after (PX-7)', async () => {
    const { client, taken } = await meteredStore();

    await client.send(new PutItemCommand({ TableName: TABLE, Item: sized('a', KB) }));
    await client.send(new PutItemCommand({ TableName: TABLE, Item: sized('a', KB + 1) }));
    await client.send(new PutItemCommand({ TableName: TABLE, Item: key('a') }));
    await client.send(new DeleteItemCommand({ TableName: TABLE, Key: key('missing') }));

    expect(taken()).toEqual([
      ['write', TABLE, 1],
      ['write', TABLE, 2],
      ['write', TABLE, 2],
      ['write', TABLE, 1],
    ]);
  });

  it('is a read unit for each 4 KB, and half a unit if the read is not consistent (PX-7)', async () => {
    const { client, taken } = await meteredStore();
    await client.send(new PutItemCommand({ TableName: TABLE, Item: sized('a', 4 * KB + 1) }));
    taken();

    await client.send(new GetItemCommand({ TableName: TABLE, Key: key('a'), ConsistentRead: true }));
    await client.send(new GetItemCommand({ TableName: TABLE, Key: key('a') }));
    await client.send(new GetItemCommand({ TableName: TABLE, Key: key('missing') }));
    await client.send(new ScanCommand({ TableName: TABLE, ConsistentRead: true }));

    expect(taken()).toEqual([
      ['read', TABLE, 2],
      ['read', TABLE, 1],
      ['read', TABLE, 0.5],
      ['read', TABLE, 2],
    ]);
  });

  it('is at least half a unit for a query that finds nothing', async () => {
    const { client, taken } = await meteredStore();
    const missing = {
      TableName: TABLE,
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': { S: 'missing' } },
    };

    await client.send(new QueryCommand(missing));
    await client.send(new QueryCommand({ ...missing, ConsistentRead: true }));

    expect(taken()).toEqual([
      ['read', TABLE, 0.5],
      ['read', TABLE, 1],
    ]);
  });

  it('of a batch is that of its items together', async () => {
    const { client, taken } = await meteredStore();
    const puts = ['a', 'b'].map((id) => ({ PutRequest: { Item: key(id) } }));

    await client.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: puts } }));
    await client.send(new BatchGetItemCommand({ RequestItems: { [TABLE]: { Keys: [key('a'), key('b')] } } }));

    expect(taken()).toEqual([
      ['write', TABLE, 2],
      ['read', TABLE, 1],
    ]);
  });

  it('of a write whose condition does not hold is that of the stored item', async () => {
    const { client, taken } = await meteredStore();
    await client.send(new PutItemCommand({ TableName: TABLE, Item: sized('a', 3 * KB) }));
    taken();

    const put = new PutItemCommand({
      TableName: TABLE,
      Item: key('a'),
      ConditionExpression: 'attribute_not_exists(id)',
    });
    await expect(client.send(put)).rejects.toThrow('The conditional request failed');
    const update = new UpdateItemCommand({
      TableName: TABLE,
      Key: key('missing'),
      UpdateExpression: 'REMOVE x',
      ConditionExpression: 'attribute_exists(id)',
    });
    await expect(client.send(update)).rejects.toThrow('The conditional request failed');

    expect(taken()).toEqual([
      ['write', TABLE, 3],
      ['write', TABLE, 1],
    ]);
  });

  it('of a transaction is twice that of its writes, whether it succeeds or is cancelled', async () => {
    const { client, taken } = await meteredStore();
    const absent = { TableName: TABLE, ConditionExpression: 'attribute_not_exists(id)' };
    const writes = [
      { Put: { ...absent, Item: sized('a', KB) } },
      { Put: { ...absent, Item: sized('b', KB + 1) } },
    ];
    const transaction = () => client.send(new TransactWriteItemsCommand({ TransactItems: writes }));

    await transaction();
    await expect(transaction()).rejects.toThrow('Transaction cancelled');

    const both = [
      ['write', TABLE, 2],
      ['write', TABLE, 4],
    ];
    expect(taken()).toEqual([...both, ...both]);
  });

  it('is 0 for a request that is refused or reads no data', async () => {
    const { client, taken } = await meteredStore();

    await client.send(new DescribeTableCommand({ TableName: TABLE }));
    await expect(client.send(new GetItemCommand({ TableName: 'none', Key: key('a') }))).rejects.toMatchObject(
      { name: 'ResourceNotFoundException' },
    );

    expect(taken()).toEqual([]);
  });

  it('is returned only to callers that ask, and the answer has the right checksum', async () => {
    const { client, url, taken } = await meteredStore();
    const put = { TableName: TABLE, Item: { ...key('a'), ConsumedCapacity: { S: '"ConsumedCapacity":{}' } } };
    await client.send(new PutItemCommand(put));

    const silent = await request(url, 'GetItem', JSON.stringify({ TableName: TABLE, Key: key('a') }));
    const asked = await client.send(
      new GetItemCommand({ TableName: TABLE, Key: key('a'), ReturnConsumedCapacity: 'INDEXES' }),
    );

    expect(JSON.parse(silent.body)).toEqual({ Item: put.Item });
    expect(silent.headers.get('content-length')).toBe(String(silent.body.length));
    expect(Number(silent.headers.get('x-amz-crc32'))).toBe(crc32(silent.body));
    expect(asked.ConsumedCapacity).toMatchObject({ TableName: TABLE, CapacityUnits: 0.5 });
    expect(taken()).toEqual([
      ['write', TABLE, 1],
      ['read', TABLE, 0.5],
      ['read', TABLE, 0.5],
    ]);
  });

  it('does not change the answer to a request that is not JSON', async () => {
    const { url, taken } = await meteredStore();

    const { status, body } = await request(url, 'GetItem', '{nonsense');

    expect([status, JSON.parse(body)]).toEqual([
      400,
      { __type: 'com.amazon.coral.service#SerializationException' },
    ]);
    expect(taken()).toEqual([]);
  });
});
