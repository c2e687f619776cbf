/** Assigns each record to a lane of its stream, so that the records of one item stay in order. */

import { createHash } from 'node:crypto';
import type { AttributeValue, Item } from '../dynamodb/attribute-values.ts';

/**
 * A new on-demand table has four partitions. Several shards show that only the order of one item is guaranteed, not that of the table.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode-max-throughput.html
 */
export const DEFAULT_SHARDS = 4;

/** How a stream is divided: shards by the partition key, and lanes within them by the whole key. */
export interface Division {
  readonly shards: number;
  readonly lanes: number;
}

/** The name of the lane. Two batches of one lane never run at the same time. */
export function laneOf(key: Item, keyNames: readonly string[], { shards, lanes }: Division): string {
  const values = keyNames.map((name) => key[name]);
  return `${bucket(values.slice(0, 1), shards)}/${bucket(values, lanes)}`;
}

function bucket(values: readonly (AttributeValue | undefined)[], buckets: number): number {
  return createHash('sha256').update(JSON.stringify(values)).digest().readUInt32BE() % buckets;
}
