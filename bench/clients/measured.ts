/** Measures the clients: each kind of figure for all of them, with nothing else running. */

import { setTimeout as sleep } from 'node:timers/promises';
import { nextMessage, resultOf, start } from '../child.ts';
import { median } from '../median.ts';
import { bundle, type Size } from './bundled.ts';
import { type Footprint, installPeer } from './installed.ts';
import { type Losses, lossesOf } from './losses.ts';
import { PEERS } from './peers.ts';
import { afterCut, firstMessage, type RealCommand, ready, type ServerKind } from './real-messages.ts';
import { type Storm, stormResult } from './storm-messages.ts';
import { timeOfShare, worstSecond } from './worst-second.ts';

export const CLIENTS = 1_000;
export const OUTAGE_MS = 60_000;
const ROUNDS = 21;
const WARM_UP_ROUNDS = 3;

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly size: Size;
  readonly footprint: Footprint;
}

export async function measurePackages(): Promise<readonly Package[]> {
  const packages: Package[] = [];
  for (const peer of PEERS) {
    const footprint = await installPeer(peer);
    const version = peer.install?.version ?? 'this one';
    packages.push({ name: peer.name, version, footprint, size: await bundle(peer) });
  }
  return packages;
}

export interface StormFigures {
  readonly name: string;
  /** Most attempts in one second, from the failure on. */
  readonly worst: number;
  /** The same, from the moment at which the server is there again. */
  readonly worstOnceBack: number;
  /** While the server was gone, of one client on average. */
  readonly attemptsEach: number;
  readonly returned: number;
  /** From the server's return until 99 % of the clients are subscribed. Missing if they never are. Milliseconds. */
  readonly backMs: number | undefined;
}

export async function measureStorms(outageMs: number): Promise<readonly StormFigures[]> {
  const storms: StormFigures[] = [];
  for (const { name } of PEERS) {
    const order = { name, clients: CLIENTS, outageMs };
    const storm = await resultOf(new URL('./storm.ts', import.meta.url), order, stormResult);
    storms.push({ name, ...stormFigures(storm, outageMs) });
  }
  return storms;
}

function stormFigures({ attempts, subscribed }: Storm, outageMs: number): Omit<StormFigures, 'name'> {
  const onceBack = attempts.filter((time) => time >= outageMs);
  const all = timeOfShare(subscribed, CLIENTS, 0.99);
  return {
    worst: worstSecond(attempts),
    worstOnceBack: worstSecond(onceBack),
    attemptsEach: (attempts.length - onceBack.length) / CLIENTS,
    returned: subscribed.length,
    backMs: all === undefined ? undefined : all - outageMs,
  };
}

interface Pair {
  readonly name: string;
  readonly server: ServerKind;
  /** Whether what is lost says something about the product: not if its own server would restore messages, and was not run. */
  readonly isCut: boolean;
}

const PAIRS: readonly Pair[] = [
  { name: 'fanfare-client', server: 'local runtime', isCut: true },
  { name: 'fanfare-client', server: 'stand-in', isCut: false },
  { name: 'centrifuge', server: 'stand-in', isCut: false },
  { name: 'ably', server: 'stand-in', isCut: false },
  { name: 'pusher-js', server: 'stand-in', isCut: true },
  { name: 'socket.io-client', server: 'socket.io', isCut: true },
  { name: 'socket.io-client', server: 'socket.io with recovery', isCut: true },
  { name: '@microsoft/signalr', server: 'stand-in', isCut: true },
  { name: 'phoenix', server: 'stand-in', isCut: true },
  { name: 'partysocket', server: 'stand-in', isCut: true },
];

interface Cut extends Losses {
  readonly backMs: number | undefined;
}

export interface RealFigures extends Pair {
  readonly firstMessageMs: number;
  readonly cut: Cut | undefined;
}

/** The first messages in turns, then all the cuts at the same time, because they mostly wait. */
export async function measureReal(): Promise<readonly RealFigures[]> {
  const running = await Promise.all(PAIRS.map(startPair));
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    for (const { child, times } of running) {
      const answer = nextMessage(child, firstMessage);
      child.send('first message' satisfies RealCommand);
      times.push((await answer).ms);
      // What a closed client leaves to its server to do shall not count for the next.
      await sleep(100);
    }
  }
  const figures = await Promise.all(
    running.map(async ({ pair, child, times }) => {
      const firstMessageMs = median(times.slice(WARM_UP_ROUNDS));
      return { ...pair, firstMessageMs, cut: pair.isCut ? await cut(child) : undefined };
    }),
  );
  for (const { child } of running) child.kill();
  return figures;
}

async function startPair(pair: Pair) {
  const { name, server } = pair;
  const child = start(new URL('./real.ts', import.meta.url), { name, server });
  await nextMessage(child, ready);
  const times: number[] = [];
  return { pair, child, times };
}

async function cut(child: ReturnType<typeof start>): Promise<Cut> {
  const answer = nextMessage(child, afterCut);
  child.send('cut' satisfies RealCommand);
  const { backMs, ...delivered } = await answer;
  return { ...lossesOf(delivered), backMs };
}
