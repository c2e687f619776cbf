/** Compares the throttles of the stage's APIs with the quota of the account for all APIs together. */

import type { Throttle } from '../../../lib/settings/throttle.ts';
import { known } from '../answer.ts';
import type { Finding } from '../finding.ts';
import { type ApiThrottle, requestsPerSecond } from '../gateway-share.ts';
import { REQUESTS, raise } from '../quotas.ts';
import type { StageNeeds } from '../stage-needs.ts';
import type { Check } from './check.ts';
import { deployedShares, namesOf } from './deployed-shares.ts';
import { number } from './numbers.ts';

export const throttles: Check = (account, needs) => {
  const { throttle } = known(account.answers.gateway) ?? {};
  if (!throttle) return [];
  const shares = deployedShares(account, needs);
  const requests = shares.reduce((sum, share) => sum + requestsPerSecond(share), 0);
  const remedy = `Write what the account has in lib/settings/account-quotas.ts: \`accountWith(${throttle.rateLimit})\`. Or raise API Gateway's quota: ${raise(REQUESTS, requests, account.region)}`;
  const single = needs.share.apis
    .filter(({ rateLimit, burstLimit }) => rateLimit > throttle.rateLimit || burstLimit > throttle.burstLimit)
    .map((api) => aboveAccount(api, throttle, remedy));
  if (requests <= throttle.rateLimit) return [...single, ...unused(throttle, needs)];
  const together: Finding = {
    severity: 'starves',
    about: 'throttle',
    sentence: `${namesOf(shares)} may take ${number(requests)} requests a second (clients, servers and posts to connections), and all APIs of the account together have ${number(throttle.rateLimit)}. When that is used up, clients get 429 and broadcasts slow down.`,
    remedy,
  };
  return [...single, together];
};

/** Counts the stages that are not deployed yet, too: their share is set aside on purpose. */
function unused({ rateLimit }: Throttle, { share, neighbours }: StageNeeds): Finding[] {
  const planned = [share, ...neighbours].reduce((sum, one) => sum + requestsPerSecond(one), 0);
  if (rateLimit <= 2 * planned) return [];
  return [
    {
      severity: 'note',
      about: 'throttle',
      sentence: `The account takes ${number(rateLimit)} requests a second, and all stages of lib/settings/stage-settings.ts together ask for ${number(planned)}.`,
      remedy: `If nothing else in this account and region needs the rest, write \`accountWith(${rateLimit})\` in lib/settings/account-quotas.ts.`,
    },
  ];
}

/** AWS says that such a limit cannot exceed the account's. It does not say whether it refuses the deployment or applies the account's limit. */
function aboveAccount(
  { name, rateLimit, burstLimit }: ApiThrottle,
  account: Throttle,
  remedy: string,
): Finding {
  return {
    severity: 'starves',
    about: 'throttle',
    sentence: `The ${name} is to take ${number(rateLimit)} requests a second and ${number(burstLimit)} at once; the account takes ${number(account.rateLimit)} and ${number(account.burstLimit)}. The account's limits hold, and AWS may refuse the stage's.`,
    remedy,
  };
}
