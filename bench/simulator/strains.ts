/** Simulates one audience under conditions that are worse than assumed. */

import { latencies, platform } from './assumptions.ts';
import type { Latency } from './latency.ts';
import { byDefault, raisedMost, type Scenario } from './scenarios.ts';
import type { Conditions } from './simulated-cloud.ts';

export interface Strain {
  readonly what: string;
  readonly scenario: Scenario;
  readonly changes?: Partial<Conditions>;
  /** Times the measured cost of a post. */
  readonly cpuFactor?: number;
}

export const STRAINED_SIZE = 1_000_000;

const { burst, newAccountConcurrency, smallRegion, smallRegionBurst } = platform;

export const strains: readonly Strain[] = [
  { what: 'as assumed', scenario: byDefault },
  {
    what: 'in a region with a quota of 2,500, and 1,250 at once, which the stage does not know of',
    scenario: byDefault,
    changes: { quota: { ratePerSecond: smallRegion.value, burst: smallRegionBurst.value } },
  },
  {
    what: 'a budget of 10,000, of which the rest of the account takes half',
    scenario: byDefault,
    changes: { postsPerSecond: 10_000, quota: { ratePerSecond: 5_000, burst: burst.value } },
  },
  { what: 'as assumed', scenario: raisedMost },
  {
    what: 'the budget was raised and the quota was not: 10,000',
    scenario: raisedMost,
    changes: { quota: { ratePerSecond: 10_000, burst: burst.value } },
  },
  {
    what: 'a new account, with ten environments',
    scenario: raisedMost,
    changes: { concurrency: newAccountConcurrency.value },
  },
  {
    what: 'posts take five times as long',
    scenario: raisedMost,
    changes: { latencies: { post: times(5, latencies.post.value) } },
  },
  {
    what: 'functions start in five times as long',
    scenario: raisedMost,
    changes: {
      latencies: {
        asyncStart: times(5, latencies.asyncStart.value),
        coldStart: times(5, latencies.coldStart.value),
      },
    },
  },
  { what: 'a core is half as fast', scenario: raisedMost, cpuFactor: 2 },
];

function times(factor: number, { median, p99 }: Latency): Latency {
  return { median: median * factor, p99: p99 * factor };
}
