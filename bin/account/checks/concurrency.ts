/** Checks Lambda executions: those that the stage reserves, and those that are left for its other functions. */

import { known } from '../answer.ts';
import type { Finding } from '../finding.ts';
import { INVOCATIONS_OF_A_HANDSHAKE } from '../gateway-share.ts';
import { CONCURRENT_EXECUTIONS, raise } from '../quotas.ts';
import type { Check } from './check.ts';
import { amount, number } from './numbers.ts';

/**
 * Lambda refuses a reservation that leaves fewer than 100 executions unreserved. In an account of 10 or 50, as new ones are, it
 * refuses every reservation. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const KEPT_UNRESERVED = 100;

/** For each execution of the quota. https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html */
const INVOCATIONS_PER_SECOND = 10;

/** AWS raises the quota of a new account to its default more readily than to another number. */
const DEFAULT_EXECUTIONS = 1_000;

export const concurrency: Check = (account, needs) => {
  const quota = known(account.answers.concurrency);
  if (!quota) return [];
  const wanted = needs.reservations.reduce((sum, { executions }) => sum + executions, 0);
  // The earlier reservation of the same functions is free again before the new one.
  const free = quota.unreserved + reservedAlready(account, needs);
  const reservable = Math.max(0, free - Math.min(quota.total, KEPT_UNRESERVED));
  const isRefused = wanted > reservable;
  const left = isRefused ? free : free - wanted;
  const needed = Math.ceil(needs.share.invocationsPerSecond / INVOCATIONS_PER_SECOND);
  const missing = Math.max(isRefused ? wanted - reservable : 0, needed + wanted - free);
  const quotaNeeded = Math.max(DEFAULT_EXECUTIONS, quota.total + missing);
  const remedy = `Raise Lambda's quota of concurrent executions: ${raise(CONCURRENT_EXECUTIONS, quotaNeeded, account.region)}`;
  return [
    ...(isRefused ? [refusal(wanted, reservable, quota.total, remedy)] : []),
    ...(left < needed ? [starvation(left, needed, needs.streamReaders, remedy)] : []),
  ];
};

type Reserving = (...of: Parameters<Check>) => number;

const reservedAlready: Reserving = ({ answers }, { reservations }) => {
  const functions = known(answers.functions) ?? new Map<string, number>();
  const resources = known(answers.resources) ?? [];
  const names = reservations.map(
    ({ logicalId, name }) =>
      name ?? resources.find((resource) => resource.logicalId === logicalId)?.physicalId ?? '',
  );
  return names.reduce((sum, name) => sum + (functions.get(name) ?? 0), 0);
};

function refusal(wanted: number, reservable: number, total: number, remedy: string): Finding {
  const limit = Math.min(total, KEPT_UNRESERVED);
  return {
    severity: 'refuses',
    about: 'concurrency',
    sentence: `The stage reserves ${amount(wanted, 'Lambda execution')}, and this account can reserve ${number(reservable)}: of its ${number(total)}, AWS keeps ${number(limit)} for functions without a reservation.`,
    remedy: `${remedy}. Or set \`fallback\` of the stage to 'none', or its \`concurrency\` to 'unreserved' or less, in lib/settings/stage-settings.ts.`,
  };
}

function starvation(left: number, needed: number, streamReaders: number, remedy: string): Finding {
  const invocations = left * INVOCATIONS_PER_SECOND;
  const handshakes = Math.floor(invocations / INVOCATIONS_OF_A_HANDSHAKE);
  const named = streamReaders === 1 ? 'stream reader needs' : `${number(streamReaders)} stream readers need`;
  const readers = streamReaders === 0 ? '' : ` The ${named} some, too.`;
  return {
    severity: 'starves',
    about: 'concurrency',
    sentence: `The functions share ${amount(left, 'Lambda execution')} with the rest of the account, and need ${number(needed)} for what the stage's throttles let through. They take at most ${amount(invocations, 'invocation')} a second: ${amount(handshakes, 'handshake')}, or ${amount(invocations, 'publish', 'publishes')}, and fewer while a cold start or a broadcast holds an execution.${readers} Handshakes and publishes beyond that are refused.`,
    remedy,
  };
}
