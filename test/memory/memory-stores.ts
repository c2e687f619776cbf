/** The stores in memory, with DynamoDB's semantics: what the contract says holds for both. */

import type {
  Connection,
  ConnectionStore,
  Subscription,
  SubscriptionStore,
} from '../../lambdas/realtime/ports.ts';

export interface MemoryStores {
  readonly connections: ConnectionStore;
  readonly subscriptions: SubscriptionStore;
}

export function memoryStores(): MemoryStores {
  const connections = new Map<string, { readonly connection: Connection; readonly channels: Set<string> }>();
  const rows = new Map<string, Subscription>();
  const keyOf = (connectionId: string, channel: string) => JSON.stringify([channel, connectionId]);
  const put = (subscription: Subscription) => {
    rows.set(keyOf(subscription.connectionId, subscription.channel), subscription);
  };

  return {
    connections: {
      async open(connection, subscriptions) {
        const channels = new Set(subscriptions.map(({ channel }) => channel));
        connections.set(connection.connectionId, { connection, channels });
        subscriptions.forEach(put);
      },
      async addChannel(connectionId, channel, limit) {
        const found = connections.get(connectionId);
        if (!found) return 'gone';
        if (!found.channels.has(channel) && found.channels.size >= limit) return 'full';
        found.channels.add(channel);
        return 'added';
      },
      async removeChannel(connectionId, channel) {
        connections.get(connectionId)?.channels.delete(channel);
      },
      async remove(connectionId) {
        const found = connections.get(connectionId);
        connections.delete(connectionId);
        return [...(found?.channels ?? [])];
      },
    },
    subscriptions: {
      async put(subscription) {
        put(subscription);
      },
      async remove(connectionId, channels) {
        for (const channel of channels) rows.delete(keyOf(connectionId, channel));
      },
      async *of(channel, now) {
        for (const row of [...rows.values()]) {
          if (row.channel === channel && row.expiresAt > now / 1000) yield row;
        }
      },
    },
  };
}
