/** How an attempt on a batch ended: what the function says of it, or that it has failed. */

import * as v from 'valibot';
import type { Outcome } from '../functions/outcome.ts';

/** `failed-from`: the records before this one are done. */
export type BatchResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'failed-from'; readonly index: number };

const response = v.nullish(
  v.object({ batchItemFailures: v.nullish(v.array(v.object({ itemIdentifier: v.string() }))) }),
);

const DONE: BatchResult = { kind: 'done' };
const FAILED: BatchResult = { kind: 'failed' };

/**
 * The first of the failures counts; one that names no record of the batch fails all of it.
 *
 * @param sequenceNumbers Of the records of the batch, in their order.
 * @param reportsItemFailures Without it, Lambda does not look at what the function returns.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function batchResult(
  outcome: Outcome,
  sequenceNumbers: readonly string[],
  reportsItemFailures: boolean,
): BatchResult {
  if (outcome.kind !== 'result') return FAILED;
  if (!reportsItemFailures) return DONE;
  const { success, output } = v.safeParse(response, outcome.value);
  if (!success) return FAILED;
  const failures = output?.batchItemFailures ?? [];
  if (failures.length === 0) return DONE;
  const indexes = failures.map(({ itemIdentifier }) => sequenceNumbers.indexOf(itemIdentifier));
  const index = Math.min(...indexes);
  return index < 0 ? FAILED : { kind: 'failed-from', index };
}
