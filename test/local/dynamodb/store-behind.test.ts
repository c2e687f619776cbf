import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { StoreBehind } from '../../../packages/local/src/dynamodb/store-behind.ts';

function storeBehind(): StoreBehind {
  const store = new StoreBehind();
  onTestFinished(() => store.close());
  return store;
}

const KEY = { AttributeName: 'pk', KeyType: 'HASH' };

async function withTable(store: StoreBehind): Promise<void> {
  await store.send('CreateTable', {
    TableName: 'Items',
    KeySchema: [KEY],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  // As DynamoDB does, it answers before the table is ready, and refuses requests to the table until then.
  const isActive = async () => {
    const { body } = await store.send('DescribeTable', { TableName: 'Items' });
    expect(body).toMatchObject({ Table: { TableStatus: 'ACTIVE' } });
  };
  await vi.waitFor(isActive, { timeout: 600_000, interval: 5 });
}

describe('the store behind the front', () => {
  it('gives each of many callers its own answer', async () => {
    const store = storeBehind();
    await withTable(store);
    const names = Array.from({ length: 50 }, (_, n) => `item ${n}`);
    await Promise.all(
      names.map((pk) => store.send('PutItem', { TableName: 'Items', Item: { pk: { S: pk } } })),
    );

    const answers = await Promise.all(
      names.map((pk) => store.send('GetItem', { TableName: 'Items', Key: { pk: { S: pk } } })),
    );

    expect(answers.map(({ body }) => body['Item'])).toEqual(names.map((pk) => ({ pk: { S: pk } })));
  });

  it('answers a refusal with its status and its reason', async () => {
    expect(
      await storeBehind().send('GetItem', { TableName: 'Nothing', Key: { pk: { S: 'x' } } }),
    ).toMatchObject({
      status: 400,
      body: { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException' },
    });
  });

  it('fails the waiting requests when it ends, and all later ones', async () => {
    const store = storeBehind();
    const waiting = store.send('ListTables', {});
    const failed = expect(waiting).rejects.toThrow('The embedded DynamoDB has stopped.');

    await store.close();

    await failed;
    await expect(store.send('ListTables', {})).rejects.toThrow('The embedded DynamoDB has stopped.');
  });
});
