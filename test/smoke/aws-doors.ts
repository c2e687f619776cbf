/** The doors that only a deployed stage has, of an account in which all is well. */

import type { Account } from '../../smoke/aws/account.ts';
import type { LogSearch } from '../../smoke/aws/log-search.ts';

export const healthyAccount: Account = {
  concurrency: async () => ({ total: 1_000, unreserved: 1_000 }),
  gateway: async () => ({
    logRole: 'arn:aws:iam::000000000000:role/gateway-logs',
    throttle: { rateLimit: 10_000, burstLimit: 5_000 },
  }),
  newConnections: async () => 500,
  mappings: async () => [{ functionName: 'presence', state: 'Enabled' }],
};

const ACCESS_LOG = 'access-log';

/** As every id of a connection ends, and no part of a signature does (EV-7). */
function isConnectionId(text: string): boolean {
  return text.endsWith('=');
}

/** The access log has the ids of connections, and no log has anything else. */
export const healthyLogs: LogSearch = {
  groups: [ACCESS_LOG, 'function-log'],
  groupsWith: async (texts) => (texts.some(isConnectionId) ? [ACCESS_LOG] : []),
};

/** A function has printed a token. */
export const leakingLogs: LogSearch = {
  ...healthyLogs,
  groupsWith: async (texts) => [texts.some(isConnectionId) ? ACCESS_LOG : 'function-log'],
};
