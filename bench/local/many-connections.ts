/** Opens thousands of connections at once, checks that they stay open, and measures the memory of each. */

import { poster } from '../../lambdas/aws/poster.ts';
import { LOCAL_CREDENTIALS, REGION } from '../../packages/local/src/template/account.ts';
import { ask, eachGetsOne, leave, openCrowd } from './crowd.ts';
import { ECHO_FRAME } from './frames.ts';
import type { BenchServer } from './start-server.ts';

export interface Held {
  /** Connections that each got a message from the server, once all were open. */
  readonly reached: number;
  readonly secondsToOpen: number;
  /** Kilobytes that are resident on the server's side, for each. */
  readonly kilobytesEach: number;
}

const KILOBYTE = 1024;

/** On the local runtime the message is a post of the management API, and on the raw server an echo. */
export async function holdConnections(server: BenchServer, connections: number): Promise<Held> {
  // The first connections load code and fill caches; that memory does not belong to them.
  leave(await openCrowd(server, 100));
  const { residentBytes: before } = await server.consumption();
  const startedAt = performance.now();
  const crowd = await openCrowd(server, connections);
  const secondsToOpen = (performance.now() - startedAt) / 1000;
  const { residentBytes: after } = await server.consumption();

  let reached = 0;
  for (const socket of crowd) socket.on('message', () => (reached += 1));
  const connectionIds: string[] = [];
  for (const socket of crowd) connectionIds.push(await ask(socket, '{"action":"who"}'));
  if (server.http !== '') {
    reached = 0;
    const all = eachGetsOne(crowd);
    const post = postTo(server);
    const outcomes = await Promise.all(connectionIds.map((id) => post(id, Buffer.from(ECHO_FRAME))));
    if (outcomes.every((outcome) => outcome === 'sent')) await all;
  }
  leave(crowd);
  return { reached, secondsToOpen, kilobytesEach: (after - before) / connections / KILOBYTE };
}

function postTo({ http }: BenchServer) {
  return poster({
    endpoint: http,
    signatory: async () => ({ credentials: LOCAL_CREDENTIALS, region: REGION }),
    sockets: 32,
    timeoutMs: 60_000,
  });
}
