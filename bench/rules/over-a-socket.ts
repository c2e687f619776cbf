/** The latency of a publish over a socket of the local runtime, with an empty handler and without one. */

import { once } from 'node:events';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { WebSocket } from 'ws';
import { localStage } from '../../test/e2e/security/local-stage.ts';
import { startRuntime } from '../../test/runtime.ts';

export interface SocketLatencies {
  /** Milliseconds of each publish. */
  readonly plain: readonly number[];
  readonly ruled: readonly number[];
}

/** A publish in this time is within the rate of a connection, so that no time is spent waiting for its allowance. Milliseconds. */
const PAUSE_MS = 60;

/** The two take turns, so that a disturbance meets both. The first tenth only warms up. */
export async function latenciesOverASocket(rounds: number): Promise<SocketLatencies> {
  const config = new URL('config.ts', import.meta.url);
  const runtime = await startRuntime({ assemble: localStage({ config }) });
  const socket = new WebSocket(runtime.urls.websocket, [SUBPROTOCOL]);
  await once(socket, 'open');
  const latencies = { plain: [] as number[], ruled: [] as number[] };
  for (let round = -rounds / 10; round < rounds; round++)
    for (const namespace of ['plain', 'ruled'] as const) {
      const ms = await timed(socket, `${namespace}:bench`);
      if (round >= 0) latencies[namespace].push(ms);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  socket.close();
  await runtime.close();
  return latencies;
}

async function timed(socket: WebSocket, channel: string): Promise<number> {
  const frame = JSON.stringify({
    action: 'publish',
    channel,
    data: 'x'.repeat(200),
    key: crypto.randomUUID(),
  });
  const sentAt = performance.now();
  socket.send(frame);
  const [reply] = await once(socket, 'message');
  if (!String(reply).includes('"published"')) throw new Error(`A publish was answered ${reply}`);
  return performance.now() - sentAt;
}
