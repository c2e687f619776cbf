/** An embedded store for one test, and a client of it. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { startEmbeddedStore } from '../../../packages/local/src/dynamodb/embedded-store.ts';

export async function emptyStore(): Promise<{ readonly url: string; readonly client: DynamoDBClient }> {
  const store = await startEmbeddedStore();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: store.url, region: 'us-east-1', credentials });
  onTestFinished(async () => {
    client.destroy();
    await store.close();
  });
  return { url: store.url, client };
}
