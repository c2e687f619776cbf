/** Creates the template's tables in a DynamoDB API. */

import {
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { REGION } from '../template/account.ts';
import type { TableModel } from '../template/table-model.ts';

/** DynamoDB answers CreateTable before the table is ready, and refuses requests for it until then. Seconds. */
const READY = { maxWaitTime: 60, minDelay: 0.005, maxDelay: 0.1 };

/** Settles when all tables can be used. An existing table is kept with its items. */
export async function createTables(endpoint: string, tables: readonly TableModel[]): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: REGION, credentials });
  try {
    await Promise.all(tables.map((table) => createTable(client, table)));
  } finally {
    client.destroy();
  }
}

async function createTable(client: DynamoDBClient, table: TableModel): Promise<void> {
  const command = new CreateTableCommand({
    TableName: table.name,
    KeySchema: table.KeySchema,
    AttributeDefinitions: table.AttributeDefinitions,
    GlobalSecondaryIndexes: table.GlobalSecondaryIndexes,
    LocalSecondaryIndexes: table.LocalSecondaryIndexes,
    BillingMode: 'PAY_PER_REQUEST',
  });
  try {
    await client.send(command);
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists({ client, ...READY }, { TableName: table.name });
}
