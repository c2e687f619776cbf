/** BatchWriteItem for lists of any length: it splits them into calls, and repeats what DynamoDB left unprocessed. */

import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { retry } from './retry.ts';

/** The most items that one call accepts. */
const ITEMS_PER_CALL = 25;

export type TableWrite = readonly [table: string, request: WriteRequest];

/** @throws Error when items are still unprocessed after the last try. */
export async function batchWrite(client: DynamoDBClient, writes: readonly TableWrite[]): Promise<void> {
  for (let start = 0; start < writes.length; start += ITEMS_PER_CALL) {
    await writeChunk(client, byTable(writes.slice(start, start + ITEMS_PER_CALL)));
  }
}

/** DynamoDB returns throttled items as unprocessed instead of throwing an error. */
async function writeChunk(client: DynamoDBClient, chunk: Record<string, WriteRequest[]>): Promise<void> {
  let remaining = chunk;
  const written = await retry(async () => {
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteItemCommand({ RequestItems: remaining }),
    );
    remaining = UnprocessedItems;
    return Object.keys(remaining).length === 0 ? 'all' : undefined;
  });
  if (!written) throw new Error('DynamoDB left items unprocessed');
}

function byTable(writes: readonly TableWrite[]): Record<string, WriteRequest[]> {
  const requests: Record<string, WriteRequest[]> = {};
  for (const [table, request] of writes) {
    requests[table] ??= [];
    requests[table].push(request);
  }
  return requests;
}
