/** A server in a process of its own, as a benchmark holds it. */

import { NODE_FLAGS } from '../../packages/local/bin/node-flags.mjs';
import { nextMessage, start } from '../child.ts';
import { type Consumption, consumption, type Served, type ServerKind, served } from './server-messages.ts';

export interface BenchServer extends Served {
  /** What it has used so far. */
  consumption(): Promise<Consumption>;
  close(): void;
}

export async function startServer(kind: ServerKind): Promise<BenchServer> {
  // Collects garbage first, because its memory is measured.
  const flags = ['--expose-gc', ...NODE_FLAGS];
  const child = start(new URL('./server.ts', import.meta.url), { kind }, flags);
  const urls = await nextMessage(child, served);
  return {
    ...urls,
    consumption() {
      const answer = nextMessage(child, consumption);
      child.send({});
      return answer;
    },
    close: () => child.disconnect(),
  };
}
