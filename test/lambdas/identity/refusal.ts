/** Why a token is not accepted, for tests. */

import { InvalidToken } from '../../../lambdas/identity/token-verifier.ts';

/** The reason, or `accepted`; any other error is the test's. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'accepted';
  } catch (error) {
    if (error instanceof InvalidToken) return error.message;
    throw error;
  }
}
