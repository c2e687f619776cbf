/** What a client that floods costs its neighbours: their latency alone, beside a client at its limit, and beside one at ten times it. */

import { startRuntime } from '../local/runtime.ts';
import { COMMANDS_PER_SECOND } from '../protocol/limits.ts';
import { nextMessage, start } from './child.ts';
import {
  type FlooderOrder,
  type FlooderReport,
  flooderReady,
  flooderReport,
  NOTHING,
} from './flood/messages.ts';
import { neighbourLatencies } from './flood/neighbour.ts';
import { markdownTable, publishPage } from './report.ts';

const NEIGHBOURS = 4;
const ROUNDS = 5;
const SECONDS = 6;

/** Commands per second of the one client, and how many share a frame, by what the page calls it. */
const situations = [
  ['nobody else', 0, 1],
  ['a client at its limit', COMMANDS_PER_SECOND, 1],
  ['a client at ten times its limit, in arrays of 50', 10 * COMMANDS_PER_SECOND, 50],
  ['a client at ten times its limit, one by one', 10 * COMMANDS_PER_SECOND, 1],
] as const;

type Situation = (typeof situations)[number][0];

export async function benchFlood(): Promise<void> {
  const runtime = await startRuntime();
  const url = runtime.urls.websocket;
  const latencies = new Map<Situation, number[]>();
  const reports = new Map<Situation, FlooderReport>();
  await neighbours(url, 2);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [situation, perSecond, perFrame] of situations) {
      const flooder =
        perSecond > 0 ? await startFlooder({ url, perSecond, perFrame, seconds: SECONDS }) : undefined;
      const measured = await neighbours(url, SECONDS);
      latencies.set(situation, [...(latencies.get(situation) ?? []), ...measured]);
      if (flooder) reports.set(situation, sum(await flooder.ended, reports.get(situation)));
    }
  }
  await runtime.close();
  await publishPage('flood', pageOf(latencies, reports));
}

async function neighbours(url: string, seconds: number): Promise<number[]> {
  const all = Array.from({ length: NEIGHBOURS }, (_, n) =>
    neighbourLatencies(url, `neighbour-${n}`, seconds),
  );
  return (await Promise.all(all)).flat();
}

/** A client of its own, whose burst is used up when this resolves. */
async function startFlooder(order: FlooderOrder): Promise<{ readonly ended: Promise<FlooderReport> }> {
  const child = start(new URL('flood/flooder.ts', import.meta.url), order);
  await nextMessage(child, flooderReady);
  const ended = nextMessage(child, flooderReport).finally(() => child.kill());
  return { ended };
}

function sum(one: FlooderReport, other: FlooderReport = NOTHING): FlooderReport {
  return {
    sent: one.sent + other.sent,
    accepted: one.accepted + other.accepted,
    limited: one.limited + other.limited,
    withRetryAfter: one.withRetryAfter + other.withRetryAfter,
    other: one.other + other.other,
  };
}

function pageOf(
  latencies: ReadonlyMap<Situation, readonly number[]>,
  reports: ReadonlyMap<Situation, FlooderReport>,
): string {
  const rows = situations.map(([situation]) => {
    const sorted = (latencies.get(situation) ?? []).toSorted((one, other) => one - other);
    const { sent, accepted, limited, withRetryAfter } = reports.get(situation) ?? NOTHING;
    return [
      situation,
      ...[0.5, 0.99].map((share) => quantile(sorted, share).toFixed(1)),
      ratio(quantile(sorted, 0.99), latencies),
      sorted.length,
      sent,
      accepted,
      limited,
      withRetryAfter,
    ];
  });
  return `# A client that floods, and its neighbours

${NEIGHBOURS} neighbours publish over the local runtime, each a message about every fifth of a second: in turns of ${SECONDS} s beside
nobody, beside a client that publishes at its limit of ${COMMANDS_PER_SECOND} commands a second, and beside one at ten times that; ${ROUNDS}
turns each. One by one it is 500 frames a second, each of which the gateway and a function handle on the same two cores as everything
else here; on AWS they would not be the neighbours' cores. That client has used up what a quiet connection may have at once. The latency is from sending a publish to its reply.

${markdownTable(
  [
    'beside',
    'p50 (ms)',
    'p99 (ms)',
    'p99, of that beside nobody',
    'publishes measured',
    'commands of the other',
    'accepted',
    'limited',
    'with `retryAfter`',
  ],
  rows,
)}`;
}

function ratio(p99: number, latencies: ReadonlyMap<Situation, readonly number[]>): string {
  const alone = (latencies.get('nobody else') ?? []).toSorted((one, other) => one - other);
  return (p99 / quantile(alone, 0.99)).toFixed(2);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
