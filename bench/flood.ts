/** What a client that floods costs its neighbours: their latency alone, beside a client at its limit, and beside one at ten times it. */

import { COMMANDS_PER_SECOND } from 'fanfare-protocol/limits';
import { nextMessage, start } from './child.ts';
import {
  type FlooderOrder,
  type FlooderReport,
  flooderReady,
  flooderReport,
  NOTHING,
} from './flood/messages.ts';
import { neighbourLatencies } from './flood/neighbour.ts';
import { type BenchServer, startServer } from './local/start-server.ts';
import { median } from './median.ts';
import { markdownTable, publishPage, type Row } from './report.ts';

const NEIGHBOURS = 4;
const ROUNDS = 10;
const SECONDS = 6;

interface Situation {
  readonly name: string;
  /** Absent if no second client runs. */
  readonly client?: Omit<FlooderOrder, 'url' | 'seconds'>;
}

const limit = COMMANDS_PER_SECOND;
const situations: readonly Situation[] = [
  { name: 'no other client' },
  { name: 'a client at its limit', client: { perSecond: limit, perFrame: 1, hasBurst: false } },
  {
    name: 'one at ten times its limit, in arrays of 50',
    client: { perSecond: 10 * limit, perFrame: 50, hasBurst: false },
  },
  {
    name: 'one at ten times its limit, one by one',
    client: { perSecond: 10 * limit, perFrame: 1, hasBurst: false },
  },
  {
    name: 'the same, with its whole burst first',
    client: { perSecond: 10 * limit, perFrame: 1, hasBurst: true },
  },
];

/** The measurements of one situation. */
interface Turn {
  /** Milliseconds of each publish of a neighbour. */
  readonly latencies: readonly number[];
  readonly report: FlooderReport;
  /** Seconds of CPU time that the runtime used, with everything in it. */
  readonly cpuSeconds: number;
}

export async function benchFlood(): Promise<void> {
  const server = await startServer('fanfare');
  const turns = new Map<Situation, Turn[]>();
  // The first round does not count: after it, all code is warm.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const situation of situations) {
      const turn = await takeTurn(server, situation);
      if (round > 0) turns.set(situation, [...(turns.get(situation) ?? []), turn]);
    }
  }
  server.close();
  await publishPage('flood', pageOf(turns));
}

async function takeTurn(server: BenchServer, { client }: Situation): Promise<Turn> {
  const url = server.websocket;
  const flooder = client && (await startFlooder({ ...client, url, seconds: SECONDS }));
  const before = await server.consumption();
  const latencies = await neighbours(url, SECONDS);
  const after = await server.consumption();
  const cpuSeconds = (after.cpuMicroseconds - before.cpuMicroseconds) / 1e6;
  return { latencies, report: (await flooder?.ended) ?? NOTHING, cpuSeconds };
}

async function neighbours(url: string, seconds: number): Promise<number[]> {
  const all = Array.from({ length: NEIGHBOURS }, (_, n) =>
    neighbourLatencies(url, `neighbour-${n}`, seconds),
  );
  return (await Promise.all(all)).flat();
}

/** A client of its own, which begins when this resolves. */
async function startFlooder(order: FlooderOrder): Promise<{ readonly ended: Promise<FlooderReport> }> {
  const child = start(new URL('flood/flooder.ts', import.meta.url), order);
  await nextMessage(child, flooderReady);
  const ended = nextMessage(child, flooderReport).finally(() => child.kill());
  return { ended };
}

function sum(one: FlooderReport, other: FlooderReport): FlooderReport {
  return {
    sent: one.sent + other.sent,
    accepted: one.accepted + other.accepted,
    limited: one.limited + other.limited,
    withRetryAfter: one.withRetryAfter + other.withRetryAfter,
    other: one.other + other.other,
  };
}

function pageOf(turns: ReadonlyMap<Situation, readonly Turn[]>): string {
  const all = situations.map((situation) => turns.get(situation) ?? []);
  const [alone = [], besidePermitted = []] = all;
  const compared = { alone: p99Of(alone), besidePermitted: p99Of(besidePermitted) };
  const rows = situations.map(({ name }, index) => rowOf(name, all[index] ?? [], compared));
  return `# A client that floods, and its neighbours

${NEIGHBOURS} neighbours publish over the local runtime, each a message about every fifth of a second. In turns of ${SECONDS} s they are alone,
beside a client that publishes at its limit of ${COMMANDS_PER_SECOND} commands a second, and beside a client that floods with ten times that. Each
situation has ${ROUNDS} turns, after one that does not count. The flooding client has used up the burst of a quiet connection before, except in
the last row, where its flood begins with that burst. The latency is the time from sending a publish to its reply.

The runtime, the neighbours and the flooding client have a process each. They slow each other down only by sharing the two cores of the
machine; on AWS, the functions of one client do not run on its neighbours' cores. The last column is the share of one core that the
runtime used for gateway, functions and tables together. If a client at its limit slows its neighbours down, the machine is too small;
if a flood slows them down more than that, the rate limit is too weak.

${markdownTable(
  [
    'beside',
    'p50 (ms)',
    'p99 (ms)',
    'p99, times that without another client',
    'p99, times that beside a client at its limit',
    'publishes measured',
    'commands of the other',
    'accepted',
    'limited',
    'with `retryAfter`',
    'cores',
  ],
  rows,
)}`;
}

/** The 99th percentiles that all others are compared with, in milliseconds. */
interface Compared {
  readonly alone: number;
  readonly besidePermitted: number;
}

function rowOf(name: string, turns: readonly Turn[], { alone, besidePermitted }: Compared): Row {
  const { sent, accepted, limited, withRetryAfter } = turns.reduce(
    (total, { report }) => sum(report, total),
    NOTHING,
  );
  const cpuSeconds = turns.reduce((total, turn) => total + turn.cpuSeconds, 0);
  return [
    name,
    median(latenciesOf(turns)).toFixed(1),
    p99Of(turns).toFixed(1),
    (p99Of(turns) / alone).toFixed(2),
    (p99Of(turns) / besidePermitted).toFixed(2),
    latenciesOf(turns).length,
    sent,
    accepted,
    limited,
    withRetryAfter,
    (cpuSeconds / (turns.length * SECONDS)).toFixed(2),
  ];
}

function latenciesOf(turns: readonly Turn[]): readonly number[] {
  return turns.flatMap(({ latencies }) => latencies);
}

function p99Of(turns: readonly Turn[]): number {
  const sorted = latenciesOf(turns).toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}
