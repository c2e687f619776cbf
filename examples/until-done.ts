/** Tries again what failed only for a moment: a reply was lost, or the server is busy. */

import { FanfareError } from 'fanfare-client';

/** @throws what will not pass, such as a refusal. */
export async function untilDone<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof FanfareError && error.isRetryable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, error.retryAfter ?? 1_000));
    }
  }
}
