/** The quotas of one account in one region. All stages share them: write the quotas of your account here. */

export interface AccountQuotas {
  /**
   * Requests to API Gateway per second: handshakes, messages, posts to connections and the HTTP API together (LM-1). AWS
   * grants 10,000 in older regions and 2,500 in newer ones, such as Milan and Cape Town, and raises it on request (LM-2).
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
   */
  readonly requestsPerSecond: number;
  /** Requests that API Gateway takes at once. AWS sets it to half of the rate, and to at most 5,000. */
  readonly burst: number;
  /** New WebSocket connections per second. AWS grants 500 in every region. */
  readonly connectionsPerSecond: number;
  /** Executions of Lambda at once. AWS grants 1,000, and a new account has 10, of which it may reserve none (LF-3). */
  readonly concurrentExecutions: number;
}

/** A raised rate does not raise the burst, as far as is known. */
const MOST_BURST = 5_000;

/** Of an account that is new. */
const FEWEST_EXECUTIONS = 10;

/**
 * The smallest quotas that AWS grants, so that the stages fit into any region and any account. With 10,000 requests and 1,000
 * executions, write `accountWith(10_000, 1_000)`.
 */
export const accountQuotas: AccountQuotas = accountWith(2_500);

/**
 * The quotas of an account that may send this many requests per second, and run this many executions at once.
 *
 * @example
 * accountWith(10_000, 1_000); // an older region
 */
export function accountWith(
  requestsPerSecond: number,
  concurrentExecutions = FEWEST_EXECUTIONS,
): AccountQuotas {
  const burst = Math.min(MOST_BURST, requestsPerSecond / 2);
  return { requestsPerSecond, burst, connectionsPerSecond: 500, concurrentExecutions };
}
