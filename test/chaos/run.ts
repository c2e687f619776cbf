/** A run: a crowd over the local runtime while everything that can fail does, then silence, then the verdict. */

import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { connect } from '../../client/index.ts';
import { type Runtime, startRuntime } from '../../local/runtime.ts';
import { synthesize } from '../../local/synthesize.ts';
import { storesOn } from '../contracts/dynamo-stores.ts';
import type { MutantName } from '../exploration/mutants.ts';
import { randomFrom } from '../exploration/random.ts';
import { Member } from './crowd.ts';
import { type FaultCounts, Faults } from './faults.ts';
import { withMutant } from './mutant-bundle.ts';
import { Observer } from './observer.ts';
import { judge, type Log, type Verdict } from './verdict.ts';

/** A run goes on until all of these are reached. */
export interface Goals extends FaultCounts {
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

/** What one member publishes in a round: about what two cores carry, because clients retry what takes too long. */
const BURST = 5;

/** Milliseconds. */
const PROGRESS_MS = 5_000;

/** Connections that hold the server itself to its word. */
const OBSERVERS = 3;

/** The longest pause of an observer. Milliseconds. */
const VISIT_MS = 300;

/** How long after the last fault everybody may take to catch up. Milliseconds. */
const SETTLE_MS = 60_000;

export async function run(options: RunOptions): Promise<RunResult> {
  const random = randomFrom(options.seed);
  const faults = new Faults(random);
  const { mutant } = options;
  const runtime = await startRuntime(
    mutant ? { assemble: (outdir) => synthesize(outdir, withMutant(mutant)) } : {},
  );
  const started = performance.now();
  const channels = Array.from({ length: options.channels }, (_, index) => `open:chaos-${index}`);
  const members = await gather(runtime, faults, random, channels, options);

  const observing = observe(runtime, members, channels, random);

  const reached = () => reachedSoFar(members, faults);
  const progress = setInterval(() => options.onProgress(reached()), PROGRESS_MS);
  while (!isReached(reached(), options.goals) && performance.now() - started < options.longest) {
    pick(members, random).publish(pick(channels, random), BURST);
    misbehave(faults, runtime, members, (performance.now() - started) / 1000);
    await sleep(ROUND_MS);
  }
  clearInterval(progress);
  faults.stop();
  const missed = await observing.stop();

  const settled = performance.now() + SETTLE_MS;
  await until(() => members.every(({ isQuiet }) => isQuiet), settled);
  const logs = new Map<string, Log>();
  for (const channel of channels) logs.set(channel, await readLog(runtime.urls.websocket, channel));
  await until(() => members.every((member) => hasCaughtUp(member, logs)), settled);

  const unsealed = await countUnsealed(runtime, logs);
  const verdict = { ...judge(members, logs), missed, unsealed };
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

/** Faults come at a rate, not whenever something is busy: a runtime that falls behind must be able to catch up. */
const FAULTS_PER_SECOND = { cut: 4, kill: 1.6, rotate: 1.2 };

/** What is due since the run began, and has not been done yet. */
function misbehave(faults: Faults, runtime: Runtime, members: readonly Member[], seconds: number): void {
  const { counts } = faults;
  if (counts.cuts < seconds * FAULTS_PER_SECOND.cut) faults.cut();
  if (counts.kills < seconds * FAULTS_PER_SECOND.kill) faults.kill(runtime);
  if (faults.rotationsAsked < seconds * FAULTS_PER_SECOND.rotate)
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

/** Observers that come and go until they are stopped; answers how many acknowledged messages they missed. */
function observe(
  runtime: Runtime,
  members: readonly Member[],
  channels: readonly string[],
  random: () => number,
) {
  let isOver = false;
  const acknowledged = (channel: string) =>
    new Set(
      members.flatMap(({ sent }) => sent.filter((one) => one.channel === channel).map(({ seq = 0 }) => seq)),
    );
  const observers = Array.from({ length: OBSERVERS }, async () => {
    const observer = await Observer.open(runtime.urls.websocket, acknowledged);
    while (!isOver) await observer.visit(pick(channels, random), () => sleep(VISIT_MS * random()));
    observer.close();
    return observer.missed;
  });
  return {
    async stop(): Promise<number> {
      isOver = true;
      return (await Promise.all(observers)).reduce((sum, missed) => sum + missed, 0);
    },
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

/** By a reader that had no part in it. */
async function readLog(url: string, channel: string): Promise<Log> {
  const connection = connect(url, { webSocket: WebSocket });
  const log = new Map<number, unknown>();
  for (let after = 0, more = true; more; ) {
    const page = await connection.channel(channel).history({ after, limit: 1_000 });
    for (const record of page.messages) {
      if ('data' in record) log.set(record.seq ?? 0, record.data);
      after = record.seq ?? after;
    }
    more = page.more;
  }
  connection.close();
  return log;
}

function hasCaughtUp({ seen }: Member, logs: ReadonlyMap<string, Log>): boolean {
  return seen.every(({ channel, subscription }) => {
    const last = [...(logs.get(channel)?.keys() ?? [])].at(-1) ?? 0;
    return (subscription.position ?? 0) >= last;
  });
}

async function until(holds: () => boolean, deadline: number): Promise<void> {
  while (!holds() && performance.now() < deadline) await sleep(ROUND_MS);
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from');
  return item;
}
