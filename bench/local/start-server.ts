/** A server in a process of its own, as a benchmark holds it. */

import { nextMessage, start } from '../child.ts';
import { type Consumption, consumption, type Served, type ServerKind, served } from './server-messages.ts';

export interface BenchServer extends Served {
  /** What it has used so far. */
  consumption(): Promise<Consumption>;
  close(): void;
}

/** Its memory is asked for; the other one is what `npm start` sets. */
const FLAGS = ['--expose-gc', '--single-threaded-gc'];

export async function startServer(kind: ServerKind): Promise<BenchServer> {
  const child = start(new URL('./server.ts', import.meta.url), { kind }, FLAGS);
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
