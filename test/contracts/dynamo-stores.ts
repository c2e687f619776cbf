/** The stores on a DynamoDB API, in the tables that the template declares. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoConnections } from '../../lambdas/aws/dynamo-connections.ts';
import { dynamoLog } from '../../lambdas/aws/dynamo-log.ts';
import { dynamoSubscriptions } from '../../lambdas/aws/dynamo-subscriptions.ts';
import type { LogStore } from '../../lambdas/realtime/log-store.ts';
import type { ConnectionStore, SubscriptionStore } from '../../lambdas/realtime/ports.ts';
import { createTables } from '../../local/dynamodb/create-tables.ts';
import { readAppModel } from '../../local/template/app-model.ts';
import { parseTemplate } from '../../local/template/template.ts';
import { templateOf } from '../lib/template.ts';

const { tables } = readAppModel(parseTemplate(templateOf('local').toJSON()));

export interface DynamoStores {
  readonly client: DynamoDBClient;
  readonly connections: ConnectionStore;
  readonly subscriptions: SubscriptionStore;
  readonly channelLog: LogStore;
}

/** Creates the tables; the client is for its user to destroy. */
export async function storesOn(endpoint: string): Promise<DynamoStores> {
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
