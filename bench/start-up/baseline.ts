/** The smallest function with a table. The start-up of the others is compared with it. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient();

export async function handler(): Promise<object> {
  return { client: client.config.apiVersion };
}
