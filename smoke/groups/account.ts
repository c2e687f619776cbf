/** Facts about the quotas of the account and region. In a new account a stage refuses requests, and no output of the stage says why. */

import { accountQuotas } from '../../lib/settings/account-quotas.ts';
import type { Account } from '../aws/account.ts';
import { type Fact, type Group, ONLY_ON_AWS, type Sighting, saw } from '../fact.ts';

/** A new account has 10 (LF-3). Five clients that connect at once use all of them. */
const LEAST_CONCURRENCY = 100;

/** Sockets, HTTP API and events share the executions that no function has reserved. */
const LEAST_UNRESERVED = 100;

const concurrency = askAccount(
  'concurrency',
  `at least ${LEAST_CONCURRENCY} executions at once in the account`,
  async (account) => {
    const { total } = await account.concurrency();
    return saw(total >= LEAST_CONCURRENCY, String(total));
  },
  'LF-3',
);

const unreserved = askAccount(
  'unreserved',
  `at least ${LEAST_UNRESERVED} executions that no function has reserved`,
  async (account) => {
    const { unreserved: left } = await account.concurrency();
    return saw(left >= LEAST_UNRESERVED, String(left));
  },
  'LF-3',
);

const logRole = askAccount(
  'log-role',
  'a role with which API Gateway writes access logs',
  async (account) => {
    const { logRole: role } = await account.gateway();
    // The name only, because the ARN contains the account number.
    return saw(role !== undefined, role?.split('/').at(-1) ?? 'none');
  },
  'LG-2',
);

const mappings = askAccount(
  'mappings',
  'every event source mapping of the stage is enabled',
  async (account) => {
    const found = await account.mappings();
    const others = found.filter(({ state }) => state !== 'Enabled');
    const rest = others.map(({ functionName, state }) => `, ${functionName} is ${state}`).join('');
    return saw(found.length > 0 && others.length === 0, `${found.length} mappings${rest}`);
  },
);

export const account: Group = {
  facts: [
    concurrency,
    unreserved,
    logRole,
    mappings,
    quota(
      'requests',
      accountQuotas.requestsPerSecond,
      async (asked) => (await asked.gateway()).throttle?.rateLimit,
    ),
    quota('burst', accountQuotas.burst, async (asked) => (await asked.gateway()).throttle?.burstLimit),
    quota('new-connections', accountQuotas.connectionsPerSecond, (asked) => asked.newConnections()),
  ],
};

function quota(name: string, least: number, ask: (account: Account) => Promise<number | undefined>): Fact {
  return askAccount(name, `a quota of API Gateway of at least ${least} (${name})`, async (asked) => {
    const value = await ask(asked);
    return saw(value !== undefined && value >= least, String(value ?? 'not told'));
  });
}

function askAccount(
  name: string,
  expected: string,
  ask: (account: Account) => Promise<Sighting>,
  number?: string,
): Fact {
  return {
    name,
    ...(number !== undefined && { number }),
    expected,
    look: async ({ stage }) => (stage.account ? ask(stage.account) : ONLY_ON_AWS),
  };
}
