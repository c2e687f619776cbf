/** Writes the edit of a message, and its content into the publish that it changes: one transaction. */

import {
  type DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type Update,
} from '@aws-sdk/client-dynamodb';
import type { Retention } from '../realtime/access/namespaces.ts';
import { batchOf, type Rewriting } from '../realtime/log/log-store.ts';
import { ifAbsent } from './log-writes.ts';
import { contentOf, editItem, editsOf, type Item, recordKey, storedUntil } from './record-item.ts';
import { retry } from './retry.ts';

type Outcome = 'written' | 'sealed' | 'changed';

/** Two write units for the edit, and two for each KB of the publish that it changes. */
export async function writeRewriting(
  client: DynamoDBClient,
  table: string,
  channel: string,
  rewriting: Rewriting,
  retention: Retention,
): Promise<Outcome> {
  const { edit } = rewriting;
  const command = new TransactWriteItemsCommand({
    TransactItems: [
      { Put: ifAbsent(table, (writer) => editItem(channel, edit, writer, retention)) },
      { Update: publishUpdate(table, channel, rewriting, retention) },
    ],
  });
  // Other transactions of the publish came in between again and again: it has changed.
  return (await retry(() => attempt(client, command))) ?? 'changed';
}

/** @returns `undefined` if another transaction had one of the items: then the same may succeed a moment later. */
async function attempt(
  client: DynamoDBClient,
  command: TransactWriteItemsCommand,
): Promise<Outcome | undefined> {
  try {
    await client.send(command);
    return 'written';
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const [ofEdit, ofPublish] = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? '');
    if (ofEdit === 'ConditionalCheckFailed') return 'sealed';
    if (ofPublish === 'ConditionalCheckFailed') return 'changed';
    if ([ofEdit, ofPublish].some((code) => PASSING.has(code ?? ''))) return undefined;
    throw error;
  }
}

/** Reasons that pass: another transaction is under way, or the partition takes no more at this moment. */
const PASSING: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/**
 * The numbers of the edits are the version of a publish: each edit adds its own, which is used once. A publish that has new content is
 * stored as long as the edit, which has its content from there.
 */
function publishUpdate(
  table: string,
  channel: string,
  { edit, before, after }: Rewriting,
  retention: Retention,
): Update {
  const { edits: found } = editsOf(before);
  const isAsFound = found ? 'edits = :found' : 'attribute_not_exists(edits)';
  const { data, edits } = contentOf(after);
  const values: Item = {
    ...(data && { ':data': data }),
    ...(edits && { ':edits': edits }),
    ...(found && { ':found': found }),
    ...(!edit.removed && { ':end': storedUntil(edit.time, retention) }),
  };
  return {
    TableName: table,
    Key: recordKey(channel, batchOf(before).from),
    UpdateExpression: `SET #data = :data, edits = :edits${edit.removed ? '' : ', expiresAt = :end'}`,
    ConditionExpression: `attribute_exists(seq) AND ${isAsFound}`,
    ExpressionAttributeNames: { '#data': 'data' },
    ExpressionAttributeValues: values,
  };
}
