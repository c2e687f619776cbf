/** The least that a function with a table does to start: what the others are held against. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient();

export async function handler(): Promise<object> {
  return { client: client.config.apiVersion };
}
