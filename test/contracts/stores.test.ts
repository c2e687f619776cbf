/** The contracts of the stores on memory and on DynamoDB, with the tables that the template declares. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { dynamoConnections } from '../../lambdas/aws/dynamo-connections.ts';
import { dynamoLog } from '../../lambdas/aws/dynamo-log.ts';
import { dynamoSubscriptions } from '../../lambdas/aws/dynamo-subscriptions.ts';
import { createTables } from '../../local/dynamodb/create-tables.ts';
import { readAppModel } from '../../local/template/app-model.ts';
import { parseTemplate } from '../../local/template/template.ts';
import { templateOf } from '../lib/template.ts';
import { memoryLog } from '../memory/memory-log.ts';
import { memoryStores } from '../memory/memory-stores.ts';
import { type DynamoDbApi, dynamoDbTargets } from './dynamodb-apis.ts';
import { logContract } from './log.contract.ts';
import { storesContract } from './stores.contract.ts';

storesContract('memory', async () => memoryStores());
logContract('memory', async () => memoryLog());

const { tables } = readAppModel(parseTemplate(templateOf('local').toJSON()));

for (const target of dynamoDbTargets()) {
  describe(`on ${target.name}`, () => {
    let api: DynamoDbApi;
    let client: DynamoDBClient;

    beforeAll(async () => {
      api = await target.start();
      await createTables(api.url, tables);
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      client = new DynamoDBClient({ endpoint: api.url, region: 'us-east-1', credentials });
    });

    afterAll(() => api.close());

    const subscriptions = tableName('Subscriptions');
    storesContract(target.name, async () => ({
      connections: dynamoConnections(client, { connections: tableName('Connections'), subscriptions }),
      subscriptions: dynamoSubscriptions(client, subscriptions),
    }));

    logContract(target.name, async () =>
      dynamoLog(client, {
        channels: tableName('Channels'),
        messages: tableName('Messages'),
        publishKeys: tableName('PublishKeys'),
      }),
    );
  });
}

function tableName(part: string): string {
  const found = tables.find(({ name }) => name.includes(part));
  if (!found) throw new Error(`The template has no table ${part}`);
  return found.name;
}
