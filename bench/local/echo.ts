/** Round trips per second: every client sends its next frame when the one before has come back. */

import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../median.ts';
import { leave, openCrowd } from './crowd.ts';
import { ECHO_FRAME } from './frames.ts';
import type { BenchServer } from './start-server.ts';

export const ECHO_CONNECTIONS = 50;

const ROUNDS = 7;
const WARM_UP_MS = 3_000;
const ROUND_MS = 2_000;

/** Of each server, the median of rounds that were run in turns. */
export async function measureEcho<Name extends string>(
  servers: Readonly<Record<Name, BenchServer>>,
): Promise<ReadonlyMap<string, number>> {
  const rates = new Map<string, number[]>();
  const named: [string, BenchServer][] = Object.entries(servers);
  for (const [, server] of named) await roundTripsPerSecond(server, WARM_UP_MS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, server] of named)
      rates.set(name, [...(rates.get(name) ?? []), await roundTripsPerSecond(server, ROUND_MS)]);
  }
  return new Map([...rates].map(([name, values]) => [name, median(values)]));
}

async function roundTripsPerSecond(server: BenchServer, ms: number): Promise<number> {
  const crowd = await openCrowd(server, ECHO_CONNECTIONS);
  let roundTrips = 0;
  for (const socket of crowd) {
    socket.on('message', () => {
      roundTrips += 1;
      socket.send(ECHO_FRAME);
    });
    socket.send(ECHO_FRAME);
  }
  const startedAt = performance.now();
  await sleep(ms);
  const rate = roundTrips / ((performance.now() - startedAt) / 1000);
  leave(crowd);
  return rate;
}
