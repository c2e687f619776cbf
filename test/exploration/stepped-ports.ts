/** The ports in memory, with every call of a process as a step of the scheduler. */

import type { Ports } from '../../lambdas/realtime/ports.ts';
import type { Scheduler } from './scheduler.ts';

/** The same ports, for one process. What takes time without touching anything is no step. */
export function steppedPorts(ports: Ports, scheduler: Scheduler, process: string): Ports {
  const { connections, subscriptions, channelLog, outbound } = ports;
  /** The memory ports do their work before they first wait, so a call is atomic. */
  const step = <Result>(label: string, run: () => Promise<Result>) => scheduler.step(process, label, run);
  async function* page<Item>(label: string, items: () => AsyncIterable<Item>): AsyncGenerator<Item> {
    yield* await step(label, () => collect(items()));
  }

  return {
    ...ports,
    connections: {
      open: (...args) => step('open', () => connections.open(...args)),
      addChannel: (...args) => step('addChannel', () => connections.addChannel(...args)),
      removeChannel: (...args) => step('removeChannel', () => connections.removeChannel(...args)),
      remove: (...args) => step('remove', () => connections.remove(...args)),
    },
    subscriptions: {
      put: (...args) => step('subscribe', () => subscriptions.put(...args)),
      remove: (...args) => step('unsubscribe', () => subscriptions.remove(...args)),
      of: (...args) => page('subscribers', () => subscriptions.of(...args)),
    },
    channelLog: {
      raise: (...args) => step('raise', () => channelLog.raise(...args)),
      head: (...args) => step('head', () => channelLog.head(...args)),
      begin: (...args) => step('begin', () => channelLog.begin(...args)),
      write: (...args) => step('write', () => channelLog.write(...args)),
      seal: (...args) => step('seal', () => channelLog.seal(...args)),
      read: (...args) => page('read', () => channelLog.read(...args)),
    },
    outbound: {
      post: (...args) => step('post', () => outbound.post(...args)),
      disconnect: (...args) => step('disconnect', () => outbound.disconnect(...args)),
    },
    pause: async () => {},
  };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
