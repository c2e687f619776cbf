/**
 * Finds the oldest record that is still served. DynamoDB deletes expired records hours or days late (PX-8), so a channel may begin
 * with any number of them. A walk would read them all, so this is a bisection: one small read for each halving.
 *
 * It is right for the same reason as `replay.ts`: records expire in the order of their numbers, apart from the few seconds of a slow
 * writer, and are deleted an hour later at the earliest (`STORED_LONGER_MS`). So at the border, where served and expired records may
 * alternate, no record is deleted yet. Any served record there has only holes between the served records after it.
 */

import type { CountedLog } from './channel-log.ts';
import { firstRecord, isServed } from './log-store.ts';

/**
 * The number of a served record in the range; every record before it has expired, up to the seconds of a slow writer. `undefined` if
 * the range has no served record.
 *
 * A number without a record says nothing. So each step looks at the first record at or after the middle, over any number of holes
 * and deleted records. Records that are appended or deleted meanwhile do not change on which side of the border a number is.
 */
export async function firstServedRecord(
  { ports: { channelLog, now }, channel, retention }: CountedLog,
  from: number,
  to: number,
): Promise<number | undefined> {
  let [low, high] = [from, to];
  let found: number | undefined;
  // Most expired records are deleted, so the first record that exists is often the answer, and always a better begin.
  let middle = low;
  while (low <= high) {
    const record = await firstRecord(channelLog, channel, { from: middle, to: high });
    if (record && !isServed(record, now(), retention)) low = record.seq + 1;
    else {
      found = record?.seq ?? found;
      high = middle - 1;
    }
    middle = Math.floor((low + high) / 2);
  }
  return found;
}
