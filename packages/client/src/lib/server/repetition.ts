/** Repeats a request that may be tried again, each time within a time limit. */

import type { Clock } from '../platform/clock.ts';
import { delayMs } from '../settings/backoff.ts';
import { FanfareError } from '../wire/errors.ts';
import { failure } from './failure.ts';

export interface Repetition {
  /** How often a request is sent again. */
  readonly retries: number;
  /** How long one attempt may take. Milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal | undefined;
}

/** A publish that waits longer should be a job of the application. Milliseconds. */
const LONGEST_PAUSE_MS = 30_000;

const BACKOFF = { baseMs: 200, capMs: 5_000, stableMs: 0 };

/**
 * Runs `attempt` until it succeeds. By `FanfareError.isRetryable` it decides whether to run it again.
 *
 * @throws FanfareError the failure of the last attempt; `timeout`, or `closed` if the signal has aborted.
 */
export async function repeated<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  repetition: Repetition,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await within(attempt, repetition);
    } catch (error) {
      if (!(error instanceof FanfareError) || !error.isRetryable || failures >= repetition.retries)
        throw error;
      const pauseMs = Math.max(error.retryAfter ?? 0, delayMs(failures, BACKOFF, repetition.random()));
      if (pauseMs > LONGEST_PAUSE_MS) throw error;
      await pause(pauseMs, repetition);
    }
  }
}

/** One attempt. It ends when its time is over or the caller's signal aborts, even if it ignores its own signal. */
async function within<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, clock, signal }: Repetition,
): Promise<T> {
  if (signal?.aborted) throw closed();
  const ending = new AbortController();
  const ended = new Promise<never>((_resolve, reject) =>
    ending.signal.addEventListener('abort', () => reject(ending.signal.reason)),
  );
  const cancel = clock.after(timeoutMs, () => ending.abort(timeout(timeoutMs)));
  const forward = () => ending.abort(closed());
  signal?.addEventListener('abort', forward);
  try {
    return await Promise.race([ended, attempt(ending.signal)]);
  } finally {
    cancel();
    signal?.removeEventListener('abort', forward);
  }
}

const timeout = (timeoutMs: number) =>
  failure('timeout', `No answer came within ${timeoutMs} ms. The server may still have done what was asked.`);

function pause(ms: number, { clock, signal }: Repetition): Promise<void> {
  if (signal?.aborted) throw closed();
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel();
      reject(closed());
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    signal?.addEventListener('abort', stop, { once: true });
  });
}

const closed = () => failure('closed', 'The signal of the request has aborted.');
