/** How many clients may connect in one second, against the account's quota of new WebSocket connections. */

import { known } from '../answer.ts';
import { NEW_CONNECTIONS, raise } from '../quotas.ts';
import type { Check } from './check.ts';
import { deployedShares, namesOf } from './deployed-shares.ts';
import { number } from './numbers.ts';

export const handshakes: Check = (account, needs) => {
  const quota = known(account.answers.newConnections);
  if (quota === undefined) return [];
  const shares = deployedShares(account, needs);
  const wanted = shares.reduce((sum, { handshakesPerSecond }) => sum + handshakesPerSecond, 0);
  if (wanted <= quota) return [];
  return [
    {
      severity: 'starves',
      about: 'handshakes',
      sentence: `${namesOf(shares)} may accept ${number(wanted)} handshakes in one second, and all WebSocket APIs of the account together have ${number(quota)}: a flood of one of them refuses the clients of the others.`,
      remedy: `Lower \`connectionsPerSecond\` in lib/settings/account-quotas.ts, or raise API Gateway's quota: ${raise(NEW_CONNECTIONS, wanted, account.region)}`,
    },
  ];
};
