/** Whether an event is tried again after an attempt that failed. */

import type { EventInvokeConfig } from '../template/event-invoke-config.ts';

/** `discard`: it is given up, for the reason that its destination is told. */
export type RetryDecision =
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'discard'; readonly condition: 'RetriesExhausted' | 'EventAgeExceeded' };

/** What is known of an event when an attempt has failed. */
export interface FailedEvent {
  /** How often it was tried, the attempt that has just failed included. */
  readonly attempts: number;
  /** Milliseconds since it was queued. */
  readonly ageMs: number;
}

/**
 * Lambda looks ahead: an event that would be too old by the time of its retry is not kept for it.
 *
 * @param retryDelaysMs How long to wait before the first retry, the second, …; the last one holds for those after it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function afterFailure(
  { attempts, ageMs }: FailedEvent,
  { maximumRetryAttempts, maximumEventAgeMs }: EventInvokeConfig,
  retryDelaysMs: readonly number[],
): RetryDecision {
  if (attempts > maximumRetryAttempts) return { kind: 'discard', condition: 'RetriesExhausted' };
  const delayMs = retryDelaysMs[attempts - 1] ?? retryDelaysMs.at(-1) ?? 0;
  if (ageMs + delayMs > maximumEventAgeMs) return { kind: 'discard', condition: 'EventAgeExceeded' };
  return { kind: 'retry', delayMs };
}
