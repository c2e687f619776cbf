/** BatchWriteItem, complete: chunks of what one call takes, and another try for what DynamoDB left unprocessed. */

import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';

/** The most items that one call accepts. */
const ITEMS_PER_CALL = 25;

/** Throttled items come back unprocessed instead of as an error; six tries with doubling pauses is about 1.5 s. */
const TRIES = 6;
const FIRST_PAUSE_MS = 25;

export type TableWrite = readonly [table: string, request: WriteRequest];

/** @throws Error when items are still unprocessed after the last try. */
export async function batchWrite(client: DynamoDBClient, writes: readonly TableWrite[]): Promise<void> {
  for (let start = 0; start < writes.length; start += ITEMS_PER_CALL) {
    await writeChunk(client, byTable(writes.slice(start, start + ITEMS_PER_CALL)));
  }
}

async function writeChunk(client: DynamoDBClient, chunk: Record<string, WriteRequest[]>): Promise<void> {
  let remaining = chunk;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await sleep(FIRST_PAUSE_MS * 2 ** attempt * Math.random());
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteItemCommand({ RequestItems: remaining }),
    );
    if (Object.keys(UnprocessedItems).length === 0) return;
    remaining = UnprocessedItems;
  }
  throw new Error('DynamoDB left items unprocessed');
}

function byTable(writes: readonly TableWrite[]): Record<string, WriteRequest[]> {
  const requests: Record<string, WriteRequest[]> = {};
  for (const [table, request] of writes) {
    requests[table] ??= [];
    requests[table].push(request);
  }
  return requests;
}
