/** Every run that the page is about, one after the other. */

import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import { platform } from './assumptions.ts';
import { broadcastTo } from './broadcast-run.ts';
import { arrivingCrowd, type Crowd, settledCrowd } from './crowd.ts';
import type { MeasuredCost } from './measured-cost.ts';
import { byDefault, raisedMost, type Scenario, SIZES, scenarios } from './scenarios.ts';
import type { Conditions } from './simulated-cloud.ts';
import { STRAINED_SIZE, type Strain, strains } from './strains.ts';
import type { Tally } from './tally.ts';

export interface Run {
  readonly size: number;
  readonly tally: Tally;
}

/** Runs of every size, by scenario. */
export type Sweep = ReadonlyMap<Scenario, readonly Run[]>;

export interface Runs {
  readonly cost: MeasuredCost;
  /** To crowds that came a while ago. */
  readonly ours: Sweep;
  /** The same run with the cost of a post of the SDK client. */
  readonly sdk: Sweep;
  /** To crowds that have just come. */
  readonly arriving: Sweep;
  readonly strained: readonly { readonly strain: Strain; readonly tally: Tally }[];
}

type CrowdOf = (size: number) => Crowd;

const SEED = 1;
export const RUNS = 3;
export const REPEATED_UP_TO = 100_000;
const ARRIVAL = {
  perSecond: platform.connectsPerSecond.value,
  knownForSeconds: platform.shardsKnownForSeconds.value,
};

/** A smaller channel may have one shard. Then it makes no difference when its subscribers came. */
const WIDE = SIZES.filter((size) => size >= 10_000);

export async function runAll(cost: MeasuredCost): Promise<Runs> {
  const settled = remembered((size) => settledCrowd(size, ARRIVAL, randomFrom(SEED)));
  const arriving = remembered((size) => arrivingCrowd(size, ARRIVAL, randomFrom(SEED)));
  const { oursMicrosPerPost: ours, sdkMicrosPerPost: sdk } = cost;
  return {
    cost,
    ours: await sweep(scenarios, SIZES, settled, ours),
    sdk: await sweep([byDefault, raisedMost], SIZES, settled, sdk),
    arriving: await sweep(scenarios, WIDE, arriving, ours),
    strained: await strain(settled(STRAINED_SIZE), ours),
  };
}

async function sweep(
  shardCount: readonly Scenario[],
  sizes: readonly number[],
  crowdOf: CrowdOf,
  cpuMicrosPerPost: number,
): Promise<Sweep> {
  const runs = new Map<Scenario, Run[]>();
  for (const scenario of shardCount) {
    const row: Run[] = [];
    for (const size of sizes) {
      row.push({ size, tally: await typicalOf(crowdOf(size), { ...scenario, cpuMicrosPerPost }) });
    }
    runs.set(scenario, row);
  }
  return runs;
}

async function strain(crowd: Crowd, cpuMicrosPerPost: number): Promise<Runs['strained']> {
  const runs: { strain: Strain; tally: Tally }[] = [];
  for (const one of strains) {
    const { scenario, changes, cpuFactor = 1 } = one;
    const conditions: Conditions = {
      ...scenario,
      cpuMicrosPerPost: cpuMicrosPerPost * cpuFactor,
      ...changes,
    };
    runs.push({ strain: one, tally: await typicalOf(crowd, conditions) });
  }
  return runs;
}

/** The median of a few runs; the largest crowds even chance out by themselves. */
async function typicalOf(crowd: Crowd, conditions: Conditions): Promise<Tally> {
  const first = await broadcastTo(crowd, conditions, SEED);
  if (crowd.size > REPEATED_UP_TO) return first;
  const tallies = [first];
  for (let seed = SEED + 1; seed < SEED + RUNS; seed++) {
    tallies.push(await broadcastTo(crowd, conditions, seed));
  }
  const sorted = tallies.toSorted((one, other) => one.lastSentMs - other.lastSentMs);
  return sorted[Math.floor(RUNS / 2)] ?? first;
}

/** A large crowd takes a second to gather. */
function remembered(crowdOf: CrowdOf): CrowdOf {
  const known = new Map<number, Crowd>();
  return (size) => {
    const crowd = known.get(size) ?? crowdOf(size);
    known.set(size, crowd);
    return crowd;
  };
}
