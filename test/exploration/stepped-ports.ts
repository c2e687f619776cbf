/** PublishPorts with every call as a step, which a scheduler or a slow network takes later. */

import type { PublishPorts } from '../../lambdas/realtime/log/publish.ts';

/** Takes the step of this name now or later, whole and once, or never if the process has crashed. */
export type Step = <Result>(label: string, run: () => Promise<Result>) => Promise<Result>;

/** How the ids of connections begin to which a post is not a step, so that many of them do not multiply the orders. */
export const OF_CROWD = 'of the crowd ';

/** The same ports. A call that only takes time is not a step. */
export function steppedPorts(ports: PublishPorts, step: Step): PublishPorts {
  const { connections, subscriptions, shards, channelLog, values, deliveries, outbound } = ports;
  async function* page<Item>(label: string, items: () => AsyncIterable<Item>): AsyncGenerator<Item> {
    yield* await step(label, () => collect(items()));
  }

  return {
    ...ports,
    connections: {
      open: (...args) => step('open', () => connections.open(...args)),
      addChannel: (...args) => step('addChannel', () => connections.addChannel(...args)),
      addChannels: (...args) => step('addChannels', () => connections.addChannels(...args)),
      addGroups: (...args) => step('addGroups', () => connections.addGroups(...args)),
      isStored: (...args) => step('isStored', () => connections.isStored(...args)),
      shardOf: (...args) => step('shardOf', () => connections.shardOf(...args)),
      removeChannel: (...args) => step('removeChannel', () => connections.removeChannel(...args)),
      moveChannel: (...args) => step('move', () => connections.moveChannel(...args)),
      remove: (...args) => step('remove', () => connections.remove(...args)),
      owe: (...args) => step('owe', () => connections.owe(...args)),
    },
    subscriptions: {
      put: (...args) => step('subscribe', () => subscriptions.put(...args)),
      putAll: (...args) => step('subscribe together', () => subscriptions.putAll(...args)),
      remove: (...args) => step('unsubscribe', () => subscriptions.remove(...args)),
      page: (...args) => step('subscribers', () => subscriptions.page(...args)),
      attendance: (...args) => step('look', () => subscriptions.attendance(...args)),
      infoOf: (...args) => step('info', () => subscriptions.infoOf(...args)),
      count: (...args) => step('count', () => subscriptions.count(...args)),
      follow: (...args) => step('follow', () => subscriptions.follow(...args)),
      unfollow: (...args) => step('unfollow', () => subscriptions.unfollow(...args)),
      followed: (...args) => step('followed', () => subscriptions.followed(...args)),
    },
    shards: {
      count: (...args) => step('shards', () => shards.count(...args)),
      recentCount: (...args) => step('recent shards', () => shards.recentCount(...args)),
      placedOver: (...args) => step('placed over', () => shards.placedOver(...args)),
      spread: (...args) => step('spread', () => shards.spread(...args)),
      grow: (...args) => step('grow', () => shards.grow(...args)),
      narrow: (...args) => step('narrow', () => shards.narrow(...args)),
      settle: (...args) => step('settle', () => shards.settle(...args)),
    },
    deliveries: {
      ...deliveries,
      start: (...args) => step('start', () => deliveries.start(...args)),
    },
    channelLog: {
      raise: (...args) => step('raise', () => channelLog.raise(...args)),
      head: (...args) => step('head', () => channelLog.head(...args)),
      write: (...args) => step('write', () => channelLog.write(...args)),
      point: (...args) => step('point', () => channelLog.point(...args)),
      pointers: (...args) => step('pointers', () => channelLog.pointers(...args)),
      seal: (...args) => step('seal', () => channelLog.seal(...args)),
      leave: (...args) => step('leave', () => channelLog.leave(...args)),
      markSent: (...args) => step('mark sent', () => channelLog.markSent(...args)),
      publishOf: (...args) => step('find', () => channelLog.publishOf(...args)),
      edit: (...args) => step('edit', () => channelLog.edit(...args)),
      read: (...args) => page('read', () => channelLog.read(...args)),
    },
    values: {
      write: (...args) => step('write values', () => values.write(...args)),
      page: (...args) => step('values', () => values.page(...args)),
    },
    outbound: {
      post: (id, frame) =>
        id.startsWith(OF_CROWD) ? outbound.post(id, frame) : step('post', () => outbound.post(id, frame)),
      disconnect: (...args) => step('disconnect', () => outbound.disconnect(...args)),
    },
  };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
