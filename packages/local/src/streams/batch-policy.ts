/** Decides which records are retried after an attempt on a batch, and which are given up. */

import type { EventSourceModel } from '../template/event-source-model.ts';
import type { BatchResult } from './batch-response.ts';

/** A record that waits in a stream. */
export interface Aged {
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Records that are tried together, in their order, with the number of attempts. */
export interface Batch<Item> {
  readonly items: readonly Item[];
  readonly attempts: number;
}

export interface BatchDecision<Item> {
  /** The batches to retry, in this order and before all later records of the shard. */
  readonly next: readonly Batch<Item>[];
  readonly discarded: readonly Item[];
}

type Limits = Pick<EventSourceModel, 'maximumRetryAttempts' | 'bisects'>;

/**
 * A failed batch is retried as a whole or in halves. Splitting it does not count as a retry.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-errors.html
 */
export function afterAttempt<Item>(
  batch: Batch<Item>,
  result: BatchResult,
  limits: Limits,
): BatchDecision<Item> {
  if (result.kind === 'done') return { next: [], discarded: [] };
  const parts = limits.bisects ? splitAt(batch.items, boundaryOf(batch, result)) : [batch.items];
  if (parts.length > 1) {
    const undone = result.kind === 'failed-from' ? parts.slice(1) : parts;
    return { next: undone.map((items) => ({ items, attempts: batch.attempts })), discarded: [] };
  }
  const items = batch.items.slice(result.kind === 'failed-from' ? result.index : 0);
  const attempts = batch.attempts + 1;
  if (attempts > limits.maximumRetryAttempts) return { next: [], discarded: items };
  return { next: [{ items, attempts }], discarded: [] };
}

/** Removes the records that are too old. */
export function withoutExpired<Item extends Aged>(
  items: readonly Item[],
  now: number,
  maximumRecordAgeMs: number,
): { readonly fresh: readonly Item[]; readonly expired: readonly Item[] } {
  const isExpired = ({ at }: Item) => now - at > maximumRecordAgeMs;
  return { fresh: items.filter((item) => !isExpired(item)), expired: items.filter(isExpired) };
}

/** The position to split at: the first failed record, or the middle. */
function boundaryOf<Item>({ items }: Batch<Item>, result: BatchResult): number {
  return result.kind === 'failed-from' ? result.index : Math.ceil(items.length / 2);
}

/** Splits a batch. Returns one part if one side is empty. */
function splitAt<Item>(items: readonly Item[], boundary: number): (readonly Item[])[] {
  return [items.slice(0, boundary), items.slice(boundary)].filter((part) => part.length > 0);
}
