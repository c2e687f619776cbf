import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { table as tableAtSynthesis } from '../../../lambdas/own-logic/at-synthesis.ts';
import { table } from '../../../lambdas/own-logic/config.ts';

interface Order {
  readonly id: string;
  readonly pieces?: number | undefined;
}

const dynamodb = mockClient(DynamoDBClient);
const orders = table<Order>('orders');

beforeEach(() => {
  dynamodb.reset();
  vi.stubEnv('FANFARE_TABLE_orders', 'Shop-Orders-1');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
});

describe('a table of the application', () => {
  it('is that of the variable, and takes and gives plain JavaScript', async () => {
    dynamodb.on(PutItemCommand).resolves({});
    dynamodb.on(GetItemCommand).resolves({ Item: { id: { S: 'order-7' }, pieces: { N: '2' } } });

    expect(await orders.put({ id: 'order-7', pieces: undefined })).toBe(true);
    expect(await orders.get({ id: 'order-7' })).toEqual({ id: 'order-7', pieces: 2 });
    expect(orders.name).toBe('Shop-Orders-1');
    expect(dynamodb.commandCalls(PutItemCommand)[0]?.args[0].input).toEqual({
      TableName: 'Shop-Orders-1',
      Item: { id: { S: 'order-7' } },
    });
    expect(dynamodb.commandCalls(GetItemCommand)[0]?.args[0].input).toEqual({
      TableName: 'Shop-Orders-1',
      Key: { id: { S: 'order-7' } },
      ConsistentRead: true,
    });
  });

  it('gives nothing for an item that it does not have', async () => {
    dynamodb.on(GetItemCommand).resolves({});

    expect(await orders.get({ id: 'order-7' })).toBeUndefined();
  });

  it('does not replace an item with ifAbsent, and says so', async () => {
    const refusal = new ConditionalCheckFailedException({ message: 'There is one', $metadata: {} });
    dynamodb.on(PutItemCommand).rejectsOnce(refusal).resolves({});

    expect(await orders.put({ id: 'order-7' }, { ifAbsent: 'id' })).toBe(false);
    expect(await orders.put({ id: 'order-8' }, { ifAbsent: 'id' })).toBe(true);
    expect(dynamodb.commandCalls(PutItemCommand)[0]?.args[0].input).toMatchObject({
      ConditionExpression: 'attribute_not_exists(#attribute)',
      ExpressionAttributeNames: { '#attribute': 'id' },
    });
  });

  it('lets every other error of a write pass', async () => {
    dynamodb.on(PutItemCommand).rejects(new Error('There is no network'));

    await expect(orders.put({ id: 'order-7' }, { ifAbsent: 'id' })).rejects.toThrow('There is no network');
  });

  it('deletes an item, and ends its request by the signal of the handler', async () => {
    dynamodb.on(DeleteItemCommand).resolves({});
    const { signal } = new AbortController();
    await orders.delete({ id: 'order-7' }, { signal });
    const args: readonly unknown[] = dynamodb.commandCalls(DeleteItemCommand)[0]?.args ?? [];

    expect(args[1]).toEqual({ abortSignal: signal });
  });

  it('that the construct was not given is named in the error', async () => {
    await expect(table('bills').get({ id: '1' })).rejects.toThrow(
      'There is no table "bills": name it in `tables` of the construct.',
    );
  });

  it('cannot be used while an app is synthesized', async () => {
    const known = tableAtSynthesis<Order>('orders');

    expect(() => known.name).toThrow('The table "orders" can be used by a handler only');
    for (const use of [() => known.get({}), () => known.put({ id: 'order-7' }), () => known.delete({})])
      await expect(use()).rejects.toThrow('by a handler only');
  });
});
