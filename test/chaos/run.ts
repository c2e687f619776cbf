/** A run: a crowd over the local runtime while everything that can fail does, then silence, then the verdict. */

import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'fanfare-client';
import { historyOf } from 'fanfare-client/history';
import { type Runtime, startRuntime } from 'fanfare-local';
import { WebSocket } from 'ws';
import { synthesize } from '../../lib/assembly/assembly.ts';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import { storesOn } from '../contracts/dynamo-stores.ts';
import type { MutantName } from '../exploration/mutants.ts';
import { chaoticBundle } from './chaotic-bundle.ts';
import { Member } from './crowd.ts';
import { type FaultCounts, Faults } from './faults.ts';
import { Observer } from './observer.ts';
import { judge, type Log, type Verdict } from './verdict.ts';

/** A run goes on until all of these are reached, or a promise is seen to be broken. */
interface Goals extends FaultCounts {
  readonly delivered: number;
}

export interface RunOptions {
  readonly seed: number;
  /** A mistake to plant in the deployed functions. */
  readonly mutant?: MutantName | undefined;
  readonly clients: number;
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

/** Connections that hold the server itself to its word. */
const OBSERVERS = 3;

/** The longest pause of an observer. Milliseconds. */
const VISIT_MS = 500;

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
  const channels = Array.from({ length: options.channels }, (_, index) => `open:chaos-${index}`);
  const members = await gather(runtime, faults, random, channels, options);

  const channel = () => {
    const hot = channels[Math.floor((performance.now() - started) / HOT_MS) % channels.length];
    return hot !== undefined && random() < 1 / 2 ? hot : pick(channels, random);
  };
  const observing = await observe(runtime, members, channel, random);

  const reached = () => reachedSoFar(members, faults);
  const waiting = () => members.reduce((sum, { outstanding }) => sum + outstanding, 0);
  const progress = setInterval(() => options.onProgress(reached()), PROGRESS_MS);
  const isMoving = movement(() => reached().delivered);
  const isOver = () => isReached(reached(), options.goals) || observing.missed() > 0 || !isMoving();
  while (!isOver() && performance.now() - started < options.longest) {
    if (waiting() < MOST_WAITING) pick(members, random).publish(channel(), BURST);
    misbehave(faults, runtime, members, reached().delivered);
    await sleep(ROUND_MS);
  }
  clearInterval(progress);
  faults.stop();
  const lostObservers = await observing.stop();
  const missed = observing.missed();

  const settled = performance.now() + SETTLE_MS;
  await until(() => waiting() === 0, settled);
  const logs = await readLogs(runtime.urls.websocket, channels);
  const behind = () => members.reduce((sum, member) => sum + countBehind(member, logs), 0);
  await until(() => behind() === 0, settled);

  const unsealed = await countUnsealed(runtime, logs);
  const stuck = behind() + channels.length - logs.size + lostObservers;
  const verdict = { ...judge(members, logs), missed, unsealed, stuck };
  const seconds = Math.round((performance.now() - started) / 1000);
  for (const { connection } of members) connection.close();
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
function misbehave(faults: Faults, runtime: Runtime, members: readonly Member[], delivered: number): void {
  const { counts } = faults;
  if (counts.cuts < delivered / DELIVERED_PER_FAULT.cut) faults.cut();
  if (counts.kills < delivered / DELIVERED_PER_FAULT.kill) faults.kill(runtime);
  if (faults.rotationsAsked < delivered / DELIVERED_PER_FAULT.rotate)
    faults.rotate(members.map(({ connection }) => connection));
}

function reachedSoFar(members: readonly Member[], { counts }: Faults): Goals {
  return { ...counts, delivered: members.reduce((sum, { delivered }) => sum + delivered, 0) };
}

function isReached(reached: Goals, goals: Goals): boolean {
  return (
    reached.delivered >= goals.delivered &&
    reached.cuts >= goals.cuts &&
    reached.kills >= goals.kills &&
    reached.rotations >= goals.rotations &&
    reached.lostReplies >= goals.lostReplies
  );
}

/** Observers that come and go until they are stopped. */
async function observe(
  runtime: Runtime,
  members: readonly Member[],
  channel: () => string,
  random: () => number,
) {
  let isOver = false;
  const acknowledged = (name: string) =>
    new Set(
      members.flatMap(({ sent }) => sent.filter((one) => one.channel === name).map(({ seq = 0 }) => seq)),
    );
  const { websocket } = runtime.urls;
  const opened = Array.from({ length: OBSERVERS }, () => Observer.open(websocket, acknowledged));
  const observers = await Promise.all(opened);
  const visits = observers.map(async (observer) => {
    while (!isOver) await observer.visit(channel(), () => sleep(VISIT_MS * random()));
    observer.close();
  });
  return {
    /** Acknowledged messages that did not come. */
    missed: () => observers.reduce((sum, { missed }) => sum + missed, 0),
    /** Lets the visitors finish their visits. Returns how many could not, because the server did not reply to them. */
    async stop(): Promise<number> {
      isOver = true;
      let left = visits.length;
      const ends = visits.map(async (visit) => {
        await visit;
        left -= 1;
      });
      await Promise.race([Promise.all(ends), sleep(SETTLE_MS)]);
      return left;
    },
  };
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

/** After everything was read, every number below the newest message has a record in the database itself. */
async function countUnsealed({ urls }: Runtime, logs: ReadonlyMap<string, Log>): Promise<number> {
  const { client, channelLog } = await storesOn(urls.dynamodb);
  let unsealed = 0;
  for (const [channel, log] of logs) {
    const head = await channelLog.head(channel);
    const newest = [...log.keys()].at(-1) ?? head?.createdAt ?? 0;
    const range = { from: (head?.createdAt ?? 0) + 1, to: newest };
    let stored = 0;
    for await (const _record of channelLog.read(channel, range)) stored += 1;
    unsealed += range.to - range.from + 1 - stored;
  }
  client.destroy();
  return unsealed;
}

/** By readers that had no part in it; a channel that cannot be read is left out. */
async function readLogs(url: string, channels: readonly string[]): Promise<Map<string, Log>> {
  const logs = new Map<string, Log>();
  const reading = channels.map(async (channel) => {
    const log = await readLog(url, channel).catch(() => undefined);
    if (log) logs.set(channel, log);
  });
  await Promise.all(reading);
  return logs;
}

async function readLog(url: string, channel: string): Promise<Log> {
  const connection = connect(url, { webSocket: WebSocket, requestTimeoutMs: SETTLE_MS / 2 });
  const log = new Map<number, unknown>();
  try {
    for (let after = 0, more = true; more; ) {
      const page = await historyOf(connection.channel(channel), { after, limit: 1_000 });
      for (const record of page.messages) {
        if ('data' in record) log.set(record.seq ?? 0, record.data);
        after = record.seq ?? after;
      }
      more = page.more;
    }
    return log;
  } finally {
    connection.close();
  }
}

/** Subscriptions that have not seen the newest message of their channel. */
function countBehind({ seen }: Member, logs: ReadonlyMap<string, Log>): number {
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
