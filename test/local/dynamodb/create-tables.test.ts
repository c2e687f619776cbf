import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTables } from '../../../packages/local/src/dynamodb/create-tables.ts';
import { readAppModel } from '../../../packages/local/src/template/app-model.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { webSocketTemplate } from '../../fixtures/web-socket-template.ts';
import { emptyStore } from './empty-store.ts';

const table = (...names: string[]) => ({
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    KeySchema: names.map((AttributeName, index) => ({
      AttributeName,
      KeyType: index === 0 ? 'HASH' : 'RANGE',
    })),
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    BillingMode: 'PAY_PER_REQUEST',
  },
});

const { tables } = readAppModel(
  parseTemplate(webSocketTemplate({}, { Plain: table('pk'), Sorted: table('pk', 'sk') })),
);

const item = { pk: { S: 'channel' }, sk: { S: 'connection' }, since: { N: '1' } };
const key = { pk: item.pk, sk: item.sk };

describe('createTables', () => {
  it('creates the tables of the template, ready to be written and read', async () => {
    const { url, client } = await emptyStore();
    await createTables(url, tables);
    await client.send(new PutItemCommand({ TableName: 'Sorted', Item: item }));

    expect((await client.send(new ListTablesCommand())).TableNames).toEqual(['Plain', 'Sorted']);
    expect((await client.send(new GetItemCommand({ TableName: 'Sorted', Key: key }))).Item).toEqual(item);
  });

  it('waits for as long as a table is being created', async () => {
    const dynamodb = mockClient(DynamoDBClient);
    onTestFinished(() => dynamodb.restore());
    dynamodb
      .on(DescribeTableCommand)
      .resolvesOnce({ Table: { TableStatus: 'CREATING' } })
      .resolvesOnce({ Table: { TableStatus: 'CREATING' } })
      .resolves({ Table: { TableStatus: 'ACTIVE' } });
    const [plain] = tables;

    await createTables('http://127.0.0.1:1', plain ? [plain] : []);

    expect(dynamodb.commandCalls(DescribeTableCommand)).toHaveLength(3);
  });

  it('keeps an existing table and its items', async () => {
    const { url, client } = await emptyStore();
    await createTables(url, tables);
    await client.send(new PutItemCommand({ TableName: 'Sorted', Item: item }));
    await createTables(url, tables);

    expect((await client.send(new GetItemCommand({ TableName: 'Sorted', Key: key }))).Item).toEqual(item);
  });

  it('fails at any other error', async () => {
    const { url } = await emptyStore();
    const [broken] = tables.map((table) => ({ ...table, name: 'no/name' }));

    await expect(createTables(url, broken ? [broken] : [])).rejects.toThrow();
  });
});
