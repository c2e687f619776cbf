/** The crowds of the page about load that the streams report: joins of one channel, and clients that come back. */

import { renewedAfter } from '../../../prices/idle.ts';
import { platform } from '../../simulator/assumptions.ts';
import { stageLimits } from '../stage-limits.ts';
import type { ComeBack } from './come-back.ts';
import type { Joins } from './joins.ts';
import type { StageSize } from './presence-world.ts';

/** A new on-demand table has four partitions, and its stream a shard for each. */
const SHARDS = 4;

const { postsPerSecond, batchesPerShard, connectsPerSecond, farewells } = stageLimits;

const whole: StageSize = {
  posts: { ratePerSecond: postsPerSecond, burst: postsPerSecond / 2 },
  postsPerSecond,
  shards: SHARDS,
  batchesPerShard,
  concurrency: platform.lambdaConcurrency.value,
  farewells,
};

export const joins: Joins = { ...whole, users: 10_000, withinMs: 10 * 60_000 };

/** The simulation of clients that come back has one tenth of everything, so that it takes minutes. */
export const SCALE = 10;

const CLIENTS = 100_000;

const tenth = {
  posts: { ratePerSecond: postsPerSecond / SCALE, burst: postsPerSecond / 2 / SCALE },
  postsPerSecond: postsPerSecond / SCALE,
  shards: SHARDS,
  batchesPerShard: batchesPerShard / SCALE,
  concurrency: platform.lambdaConcurrency.value / SCALE,
  farewells: Math.floor(farewells / SCALE),
  clients: CLIENTS / SCALE,
  room: 50,
} as const;

export interface NamedComeBack extends ComeBack {
  readonly name: string;
}

export const comeBacks: readonly NamedComeBack[] = [
  {
    ...tenth,
    name: 'renewed after 104.5 minutes',
    kind: 'rotation',
    perSecond: CLIENTS / SCALE / (renewedAfter() * 60),
  },
  {
    ...tenth,
    name: `after an outage, ${connectsPerSecond} a second`,
    kind: 'outage',
    perSecond: connectsPerSecond / SCALE,
  },
  {
    ...tenth,
    name: 'after an outage, all at one moment',
    kind: 'outage',
    perSecond: Number.POSITIVE_INFINITY,
  },
];
