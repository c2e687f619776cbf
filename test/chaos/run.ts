/** A run: a crowd over the local runtime while everything that can fail does, then silence, then the verdict. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type Runtime, startRuntime } from 'fanfare-local';
import { synthesize } from '../../lib/assembly/assembly.ts';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import type { MutantName } from '../exploration/mutants.ts';
import { chaoticBundle } from './chaotic-bundle.ts';
import { Member } from './crowd.ts';
import { type FaultCounts, Faults } from './faults.ts';
import { type Keeping, keep } from './keepers.ts';
import { countUnsealed, type Messages, readLogs } from './logs.ts';
import { observe } from './observers.ts';
import type { Verdict } from './run-verdict.ts';
import { judgeValues } from './values-verdict.ts';
import { type Judgement, judge, type Log } from './verdict.ts';

/** A run goes on until all of these are reached, or a promise is seen to be broken. */
interface Goals extends FaultCounts {
  readonly delivered: number;
  /** Of these, in packed channels. */
  readonly packed: number;
  /** Of these, in channels with named values. */
  readonly named: number;
  /** Answers to publishes whose `ifSeq` was late. */
  readonly conflicts: number;
  /** Snapshots of all values of a channel. */
  readonly snapshots: number;
}

export interface RunOptions {
  readonly seed: number;
  /** A mistake to plant in the deployed functions. */
  readonly mutant?: MutantName | undefined;
  readonly clients: number;
  /** Direct ones, and as many packed ones. */
  readonly channels: number;
  readonly channelsPerClient: number;
  readonly goals: Goals;
  /** Milliseconds. */
  readonly longest: number;
  readonly onProgress: (reached: Goals) => void;
}

export interface RunResult {
  readonly verdict: Verdict;
  readonly reached: Goals;
  readonly isEnough: boolean;
  readonly seconds: number;
}

const goalNames = [
  'delivered',
  'packed',
  'named',
  'conflicts',
  'snapshots',
  'cuts',
  'lostReplies',
  'kills',
  'packKills',
  'rotations',
] as const satisfies readonly (keyof Goals)[];

/** A namespace of the local configuration, with `delivery: 'packed'`. */
const PACKED = 'packed:';

/** Between two rounds of publishes and faults. Milliseconds. */
const ROUND_MS = 100;

/** The messages that one member publishes in a round. */
const BURST = 5;

/**
 * The members publish nothing more while this number of commands await replies. A slow machine must be able to catch up: clients
 * repeat a publish whose reply takes too long, and a repetition costs more than the publish.
 */
const MOST_WAITING = 100;

/** Milliseconds. */
const PROGRESS_MS = 5_000;

/** Of each function; more than the runtime's usual, because an invocation that hesitates holds one. */
const ENVIRONMENTS = 16;

/** For so long, half of everything happens in one channel, then in another. Milliseconds. */
const HOT_MS = 1_000;

/** How long all members may take to catch up after the last fault. A run without a delivery for this time ends. Milliseconds. */
const SETTLE_MS = 60_000;

export async function run(options: RunOptions): Promise<RunResult> {
  const random = randomFrom(options.seed);
  const faults = new Faults(random);
  const runtime = await startRuntime({
    assemble: (outdir) => synthesize(outdir, chaoticBundle(options.mutant)),
    maxEnvironments: ENVIRONMENTS,
  });
  const started = performance.now();
  const direct = Array.from({ length: options.channels }, (_, index) => `open:chaos-${index}`);
  const packed = Array.from({ length: options.channels }, (_, index) => `${PACKED}chaos-${index}`);
  // The channels of a client, which are neighbours, are of both kinds.
  const channels = direct.flatMap((name, index) => [name, packed[index] ?? name]);
  const members = await gather(runtime, faults, random, channels, options);

  const channel = () => {
    const hot = channels[Math.floor((performance.now() - started) / HOT_MS) % channels.length];
    return hot !== undefined && random() < 1 / 2 ? hot : pick(channels, random);
  };
  // A packed message is acknowledged before it is posted, so a plain socket cannot tell when it should be there.
  const observing = await observe(runtime, members, () => pick(direct, random), random);
  const keeping = await keep(runtime, faults, random);

  const reached = () => reachedSoFar(members, keeping, faults);
  const waiting = () => members.reduce((sum, { outstanding }) => sum + outstanding, keeping.outstanding());
  const progress = setInterval(() => options.onProgress(reached()), PROGRESS_MS);
  const isMoving = movement(() => reached().delivered);
  const isOver = () => isReached(reached(), options.goals) || observing.missed() > 0 || !isMoving();
  while (!isOver() && performance.now() - started < options.longest) {
    if (waiting() < MOST_WAITING) pick(members, random).publish(channel(), BURST);
    keeping.round();
    misbehave(faults, runtime, [...members, ...keeping.keepers], reached().delivered);
    await sleep(ROUND_MS);
  }
  clearInterval(progress);
  faults.stop();
  const lostObservers = await observing.stop();
  const missed = observing.missed();

  const settled = performance.now() + SETTLE_MS;
  await until(() => waiting() === 0, settled);
  const logs = await readLogs(runtime.urls.websocket, channels);
  const valueLogs = await readLogs(runtime.urls.websocket, keeping.channels);
  const seen = [
    ...members.flatMap((member) => member.seen),
    ...keeping.keepers.flatMap((one) => one.holdings),
  ];
  const behind = () => countBehind(seen, new Map([...logs, ...valueLogs]));
  await until(() => behind() === 0, settled);
  await keeping.lookOnceMore();

  const unsealed = await countUnsealed(runtime, logs);
  const unread = channels.length - logs.size + keeping.channels.length - valueLogs.size;
  const stuck = behind() + unread + lostObservers + keeping.outstanding();
  const { staleAfterQuiet, twoWinners, falseConflicts, ...ofValues } = judgeValues(
    keeping.keepers,
    valueLogs,
  );
  const judged = together(judge(members, dataOf(logs)), ofValues);
  const verdict = { ...judged, staleAfterQuiet, twoWinners, falseConflicts, missed, unsealed, stuck };
  const seconds = Math.round((performance.now() - started) / 1000);
  for (const { connection } of members) connection.close();
  for (const keeper of keeping.keepers) keeper.close();
  await runtime.close();
  return { verdict, reached: reached(), isEnough: isReached(reached(), options.goals), seconds };
}

async function gather(
  runtime: Runtime,
  faults: Faults,
  random: () => number,
  channels: readonly string[],
  { clients, channelsPerClient }: RunOptions,
): Promise<Member[]> {
  const members = Array.from({ length: clients }, (_, index) => {
    const member = new Member(`client-${index}`, runtime.urls.websocket, faults.webSocket(), random);
    member.connection.on('rotated', () => {
      faults.counts.rotations += 1;
    });
    return member;
  });
  await Promise.all(
    members.flatMap((member, index) =>
      Array.from({ length: channelsPerClient }, (_, n) =>
        member.follow(channels[(index + n) % channels.length] ?? ''),
      ),
    ),
  );
  return members;
}

/**
 * How many messages arrive between two faults of a kind. Faults by the clock would come faster than a busy machine recovers from
 * them, and a run would then fail for want of a processor.
 */
const DELIVERED_PER_FAULT = { cut: 110, kill: 280, rotate: 370 };

/** Causes the faults that are due after this number of deliveries. */
function misbehave(
  faults: Faults,
  runtime: Runtime,
  members: readonly Pick<Member, 'connection'>[],
  delivered: number,
): void {
  const { counts } = faults;
  if (counts.cuts < delivered / DELIVERED_PER_FAULT.cut) faults.cut();
  if (counts.kills < delivered / DELIVERED_PER_FAULT.kill) faults.kill(runtime);
  if (faults.rotationsAsked < delivered / DELIVERED_PER_FAULT.rotate)
    faults.rotate(members.map(({ connection }) => connection));
}

function reachedSoFar(members: readonly Member[], { keepers }: Keeping, { counts }: Faults): Goals {
  const heard = members.flatMap(({ seen }) => seen);
  const packed = sum(
    heard.filter(({ channel }) => channel.startsWith(PACKED)),
    ({ messages }) => messages.length,
  );
  const named = sum(keepers, ({ delivered }) => delivered);
  return {
    ...counts,
    delivered: sum(members, ({ delivered }) => delivered) + named,
    packed,
    named,
    conflicts: sum(keepers, ({ conflicts }) => conflicts.length),
    snapshots: sum(keepers, ({ looks }) => looks),
  };
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((all, item) => all + of(item), 0);
}

function isReached(reached: Goals, goals: Goals): boolean {
  return goalNames.every((name) => reached[name] >= goals[name]);
}

function together(one: Judgement, other: Judgement): Judgement {
  return {
    lost: one.lost + other.lost,
    twice: one.twice + other.twice,
    outOfOrder: one.outOfOrder + other.outOfOrder,
    divergent: one.divergent + other.divergent,
    refused: one.refused + other.refused,
  };
}

function dataOf(logs: ReadonlyMap<string, Messages>): ReadonlyMap<string, Log> {
  return new Map(
    [...logs].map(([channel, log]) => [channel, new Map([...log].map(([seq, { data }]) => [seq, data]))]),
  );
}

/** Returns whether a count has risen within the longest allowed time. */
function movement(count: () => number): () => boolean {
  let last = count();
  let since = performance.now();
  return () => {
    if (count() > last) since = performance.now();
    last = count();
    return performance.now() - since < SETTLE_MS;
  };
}

/** Subscriptions that have not seen the newest message of their channel. */
function countBehind(
  seen: readonly Pick<Member['seen'][number], 'channel' | 'subscription'>[],
  logs: ReadonlyMap<string, Messages>,
): number {
  return seen.filter(({ channel, subscription }) => {
    const last = [...(logs.get(channel)?.keys() ?? [])].at(-1) ?? 0;
    return (subscription.position ?? 0) < last;
  }).length;
}

async function until(holds: () => boolean, deadline: number): Promise<void> {
  while (!holds() && performance.now() < deadline) await sleep(ROUND_MS);
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from');
  return item;
}
