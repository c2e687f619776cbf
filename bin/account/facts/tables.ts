/** Which tables have no deletion protection. */

import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

export async function isProtected(client: DynamoDBClient, table: string): Promise<boolean> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  return Table?.DeletionProtectionEnabled === true;
}

export async function readUnprotectedTables(
  client: DynamoDBClient,
  tables: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const table of tables) if (!(await isProtected(client, table))) found.push(table);
  return found;
}
