/** The stores contract on memory and on DynamoDB, with the tables that the template declares. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { dynamoConnections } from '../../lambdas/aws/dynamo-connections.ts';
import { dynamoSubscriptions } from '../../lambdas/aws/dynamo-subscriptions.ts';
import { createTables } from '../../local/dynamodb/create-tables.ts';
import { readAppModel } from '../../local/template/app-model.ts';
import { parseTemplate } from '../../local/template/template.ts';
import { templateOf } from '../lib/template.ts';
import { type MemoryStores, memoryStores } from '../memory/memory-stores.ts';
import { type DynamoDbApi, dynamoDbTargets } from './dynamodb-apis.ts';
import { storesContract } from './stores.contract.ts';

storesContract('memory', async () => memoryStores());

const { tables } = readAppModel(parseTemplate(templateOf('local').toJSON()));

for (const target of dynamoDbTargets()) {
  describe(`on ${target.name}`, () => {
    let api: DynamoDbApi;
    let stores: MemoryStores;

    beforeAll(async () => {
      api = await target.start();
      await createTables(api.url, tables);
      stores = dynamoStores(api.url);
    });

    afterAll(() => api.close());

    storesContract(target.name, async () => stores);
  });
}

function dynamoStores(endpoint: string): MemoryStores {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  const names = { connections: tableName('Connections'), subscriptions: tableName('Subscriptions') };
  return {
    connections: dynamoConnections(client, names),
    subscriptions: dynamoSubscriptions(client, names.subscriptions),
  };
}

function tableName(part: string): string {
  const found = tables.find(({ name }) => name.includes(part));
  if (!found) throw new Error(`The template has no table ${part}`);
  return found.name;
}
