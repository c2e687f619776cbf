/** Decides whether an event is retried after a failed attempt. */

import type { EventInvokeConfig } from '../template/event-invoke-config.ts';

/** `discard`: the event is given up. Its destination gets the reason. */
export type RetryDecision =
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'discard'; readonly condition: 'RetriesExhausted' | 'EventAgeExceeded' };

/** The state of an event after a failed attempt. */
export interface FailedEvent {
  /** The number of attempts, including the failed one. */
  readonly attempts: number;
  /** Milliseconds since the event was queued. */
  readonly ageMs: number;
}

/**
 * Lambda looks ahead: it gives an event up at once if it would be too old at the time of its retry.
 *
 * @param retryDelaysMs The wait before the first retry, the second and so on. The last one holds for all later retries.
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
