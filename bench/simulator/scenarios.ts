/** The simulated scenarios: default quotas, raised quotas, and sizes of the audience. */

import { platform } from './assumptions.ts';
import type { Conditions } from './simulated-cloud.ts';

export interface Scenario extends Pick<Conditions, 'postsPerSecond' | 'quota' | 'concurrency'> {
  readonly name: string;
  /** The meaning of the scenario. */
  readonly what: string;
}

export const SIZES = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000] as const;

/** Requests per second of an account in an older region (LM-1). */
const DEFAULT_QUOTA = 10_000;

export const byDefault = scenario(
  'default quotas',
  DEFAULT_QUOTA / 2,
  DEFAULT_QUOTA,
  'Half of the 10,000 requests per second that an account has in an older region (LM-1) for one broadcast, the other half for everything else.',
);

export const raisedMost = scenario(
  'raised to 100,000',
  100_000,
  100_000,
  'The highest quota that a customer is known to have obtained, for a shorter integration timeout (LM-2), all of it for the broadcast.',
);

export const scenarios: readonly Scenario[] = [
  byDefault,
  scenario(
    'whole default quota',
    DEFAULT_QUOTA,
    DEFAULT_QUOTA,
    'All of the 10,000 requests per second for the broadcast: nothing else happens on API Gateway in this account and region.',
  ),
  scenario(
    'raised to 50,000',
    50_000,
    50_000,
    'A quota that a customer is known to have obtained (LM-2), all of it for the broadcast.',
  ),
  raisedMost,
];

function scenario(name: string, postsPerSecond: number, quota: number, what: string): Scenario {
  return {
    name,
    what,
    postsPerSecond,
    quota: { ratePerSecond: quota, burst: platform.burst.value },
    concurrency: platform.lambdaConcurrency.value,
  };
}
