/** Reads the result of an attempt on a batch. */

import * as v from 'valibot';
import type { Outcome } from '../functions/outcome.ts';

/** `failed-from`: this record failed, and the records before it are done. */
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
 * The first failed record counts. A failure that names no record of the batch fails the whole batch.
 *
 * @param sequenceNumbers The sequence numbers of the records, in their order.
 * @param reportsItemFailures Without it, Lambda ignores the result of the function.
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
