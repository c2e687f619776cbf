/** What AWS lets one account take in one region. All stages share it: write here what your account has. */
/** A raised rate does not raise the burst, as far as is known. */
const MOST_BURST = 5_000;
/** The smallest that AWS grants, so that the stages fit wherever they are deployed. With 10,000, write `accountWith(10_000)`. */
export const accountQuotas = accountWith(2_500);
/**
 * The quotas of an account that may send this many requests per second.
 *
 * @example
 * accountWith(10_000); // an older region
 */
export function accountWith(requestsPerSecond) {
    const burst = Math.min(MOST_BURST, requestsPerSecond / 2);
    return { requestsPerSecond, burst, connectionsPerSecond: 500 };
}
