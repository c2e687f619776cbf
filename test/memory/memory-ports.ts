/** All ports of the domain in memory, with what went out and what was logged kept for the test to look at. */

import type { Log, Outbound, Ports } from '../../lambdas/realtime/ports.ts';
import { type MemoryLog, memoryLog } from './memory-log.ts';
import { memoryStores } from './memory-stores.ts';

export interface Post {
  readonly connectionId: string;
  readonly frame: unknown;
}

/** How a peer that is not simply there behaves. */
export type Peer = 'gone' | 'failing';

export interface MemoryPorts extends Ports {
  readonly channelLog: MemoryLog;
  readonly posts: Post[];
  readonly disconnected: string[];
  readonly logged: string[];
  readonly peers: Map<string, Peer>;
}

export const NOW = Date.UTC(2026, 10, 22, 12);

export function memoryPorts(): MemoryPorts {
  const posts: Post[] = [];
  const disconnected: string[] = [];
  const logged: string[] = [];
  const peers = new Map<string, Peer>();
  const outbound: Outbound = {
    async post(connectionId, frame) {
      const peer = peers.get(connectionId);
      if (peer === 'failing') throw new Error('The peer does not answer');
      if (peer === 'gone') return 'gone';
      posts.push({ connectionId, frame: JSON.parse(new TextDecoder().decode(frame)) });
      return 'sent';
    },
    async disconnect(connectionId) {
      disconnected.push(connectionId);
    },
  };
  const log: Log = {
    warn: (message, fields) => logged.push(JSON.stringify({ message, ...fields })),
    error: (message, { error, requestId }) =>
      logged.push(JSON.stringify({ message, error: error.message, requestId })),
  };
  const observed = { posts, disconnected, logged, peers };
  return {
    ...memoryStores(),
    channelLog: memoryLog(),
    outbound,
    log,
    now: () => NOW,
    pause: async () => {},
    ...observed,
  };
}

/** Everything that an async iterable yields. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
