import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTables } from '../../../packages/local/src/dynamodb/create-tables.ts';
import { emptyStore } from './empty-store.ts';

const TableName = 'Items';
const Key = { pk: { S: 'x' } };
const Item = { ...Key, seq: { N: '7' } };

const table = {
  name: TableName,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
  GlobalSecondaryIndexes: undefined,
  LocalSecondaryIndexes: undefined,
};

const raise = {
  TableName,
  Key,
  UpdateExpression: 'SET seq = :seq',
  ConditionExpression: 'attribute_not_exists(seq) OR seq < :seq',
  ExpressionAttributeValues: { ':seq': { N: '3' } },
};

describe('a write whose condition fails', () => {
  let client: DynamoDBClient;

  beforeEach(async () => {
    const store = await emptyStore();
    client = store.client;
    await createTables(store.url, [table]);
    await client.send(new PutItemCommand({ TableName, Item }));
  });

  async function refusalOf(command: UpdateItemCommand | DeleteItemCommand): Promise<unknown> {
    const refusal: unknown = await client.send(command).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConditionalCheckFailedException);
    return refusal;
  }

  it('returns the item in its way when the request asks for it', async () => {
    const asking = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

    expect(await refusalOf(new UpdateItemCommand({ ...raise, ...asking }))).toMatchObject({ Item });
    expect(
      await refusalOf(
        new DeleteItemCommand({
          TableName,
          Key,
          ConditionExpression: 'attribute_not_exists(pk)',
          ...asking,
        }),
      ),
    ).toMatchObject({ Item });
    expect((await client.send(new GetItemCommand({ TableName, Key }))).Item).toEqual(Item);
  });

  it('adds no item if the item did not exist, or if the request did not ask for it', async () => {
    const absent = { Key: { pk: { S: 'y' } }, ConditionExpression: 'attribute_exists(pk)' };

    expect(await refusalOf(new UpdateItemCommand(raise))).not.toHaveProperty('Item', Item);
    expect(
      await refusalOf(
        new UpdateItemCommand({ ...raise, ...absent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      ),
    ).not.toHaveProperty('Item', expect.anything());
  });
});
