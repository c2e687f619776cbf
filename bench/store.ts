/** A DynamoDB API with the template's tables in it, and the log on it. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoConnections } from '../lambdas/aws/dynamo-connections.ts';
import { dynamoLog } from '../lambdas/aws/dynamo-log.ts';
import { dynamoSubscriptions } from '../lambdas/aws/dynamo-subscriptions.ts';
import { createTables } from '../local/dynamodb/create-tables.ts';
import { readAppModel } from '../local/template/app-model.ts';
import { parseTemplate } from '../local/template/template.ts';
import { templateOf } from '../test/lib/template.ts';

const { tables } = readAppModel(parseTemplate(templateOf('local').toJSON()));

/** Creates the tables, and answers a client and the stores that use it. */
export async function storesOn(endpoint: string) {
  await createTables(endpoint, tables);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  const [connections, subscriptions] = [tableName('Connections'), tableName('Subscriptions')];
  return {
    client,
    connections: dynamoConnections(client, { connections, subscriptions }),
    subscriptions: dynamoSubscriptions(client, subscriptions),
    channelLog: dynamoLog(client, {
      channels: tableName('Channels'),
      messages: tableName('Messages'),
      publishKeys: tableName('PublishKeys'),
    }),
  };
}

function tableName(part: string): string {
  const found = tables.find(({ name }) => name.includes(part));
  if (!found) throw new Error(`The template has no table ${part}`);
  return found.name;
}
