/** The numbers of shards in memory, with DynamoDB's conditions. The same contract tests both. */

import type { Narrowing, ShardStore, Spread } from '../../lambdas/realtime/connections/shard-store.ts';

/** When every mark is made. */
const NOW = Date.UTC(2026, 10, 22, 12);

/** @param counts the shards to read, by channel; shared with the log. */
export function memoryShards(counts: Map<string, number>): ShardStore {
  const narrowings = new Map<string, Narrowing & { readonly to: number }>();
  let marks = 0;
  const spread = (channel: string): Spread => {
    const count = counts.get(channel) ?? 1;
    const found = narrowings.get(channel);
    if (!found) return { count, placedOver: count };
    const { to, ...narrowing } = found;
    return { count, placedOver: to, narrowing };
  };
  return {
    count: async (channel) => spread(channel).count,
    recentCount: async (channel) => spread(channel).placedOver,
    placedOver: async (channel) => spread(channel).placedOver,
    spread: async (channel) => spread(channel),
    async grow(channel, from, to) {
      const { placedOver, narrowing } = spread(channel);
      if (placedOver !== from) return;
      if (narrowing) narrowings.delete(channel);
      else counts.set(channel, to);
    },
    async narrow(channel, known, to) {
      const { count, narrowing } = spread(channel);
      if (count !== known.count || narrowing?.mark !== known.narrowing?.mark) return false;
      marks += 1;
      narrowings.set(channel, { mark: `mark ${marks}`, since: NOW, to });
      return true;
    },
    async settle(channel, known) {
      const { placedOver, narrowing } = spread(channel);
      if (!narrowing || narrowing.mark !== known.narrowing?.mark) return;
      narrowings.delete(channel);
      counts.set(channel, placedOver);
    },
  };
}
