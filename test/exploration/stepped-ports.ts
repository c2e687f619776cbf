/** PublishPorts with every call as a step, which a scheduler or a slow network takes later. */

import type { PublishPorts } from '../../lambdas/realtime/log/publish.ts';

/** Takes the step of this name now or later, whole and once, or never if the process has crashed. */
export type Step = <Result>(label: string, run: () => Promise<Result>) => Promise<Result>;

/** The same ports. A call that only takes time is not a step. */
export function steppedPorts(ports: PublishPorts, step: Step): PublishPorts {
  const { connections, subscriptions, shards, channelLog, deliveries, outbound } = ports;
  async function* page<Item>(label: string, items: () => AsyncIterable<Item>): AsyncGenerator<Item> {
    yield* await step(label, () => collect(items()));
  }

  return {
    ...ports,
    connections: {
      open: (...args) => step('open', () => connections.open(...args)),
      addChannel: (...args) => step('addChannel', () => connections.addChannel(...args)),
      shardOf: (...args) => step('shardOf', () => connections.shardOf(...args)),
      removeChannel: (...args) => step('removeChannel', () => connections.removeChannel(...args)),
      charge: (...args) => step('charge', () => connections.charge(...args)),
      remove: (...args) => step('remove', () => connections.remove(...args)),
    },
    subscriptions: {
      put: (...args) => step('subscribe', () => subscriptions.put(...args)),
      remove: (...args) => step('unsubscribe', () => subscriptions.remove(...args)),
      page: (...args) => step('subscribers', () => subscriptions.page(...args)),
      attendance: (...args) => step('look', () => subscriptions.attendance(...args)),
      count: (...args) => step('count', () => subscriptions.count(...args)),
    },
    shards: {
      count: (...args) => step('shards', () => shards.count(...args)),
      recentCount: (...args) => step('recent shards', () => shards.recentCount(...args)),
      grow: (...args) => step('grow', () => shards.grow(...args)),
    },
    deliveries: {
      ...deliveries,
      start: (...args) => step('start', () => deliveries.start(...args)),
    },
    channelLog: {
      raise: (...args) => step('raise', () => channelLog.raise(...args)),
      head: (...args) => step('head', () => channelLog.head(...args)),
      write: (...args) => step('write', () => channelLog.write(...args)),
      seal: (...args) => step('seal', () => channelLog.seal(...args)),
      read: (...args) => page('read', () => channelLog.read(...args)),
    },
    outbound: {
      post: (...args) => step('post', () => outbound.post(...args)),
      disconnect: (...args) => step('disconnect', () => outbound.disconnect(...args)),
    },
  };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
