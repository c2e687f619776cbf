/** The turns of packed channels in memory, with DynamoDB's conditions. The same contract tests both. */

import type { Head } from '../../lambdas/realtime/log/log-store.ts';
import type { PackedHead, Turn, TurnStore } from '../../lambdas/realtime/log/turn-store.ts';

/** @param heads and shards by channel; shared with the log. */
export function memoryTurns(
  shards: ReadonlyMap<string, number>,
  heads: ReadonlyMap<string, Omit<Head, 'shardCount'>>,
): TurnStore {
  const turns = new Map<string, Turn>();
  const delivered = new Map<string, number>();
  const headOf = (channel: string): PackedHead | undefined => {
    const head = heads.get(channel);
    const upTo = delivered.get(channel);
    if (!head) return undefined;
    return { ...head, shardCount: shards.get(channel) ?? 1, ...(upTo !== undefined && { delivered: upTo }) };
  };
  return {
    look: async (channel) => headOf(channel),
    async take(channel, turn, now) {
      const head = headOf(channel);
      const held = turns.get(channel);
      if (!head || (held && held.until > now && held.worker !== turn.worker)) return undefined;
      turns.set(channel, turn);
      return head;
    },
    async finish(channel, worker, upTo) {
      if (turns.get(channel)?.worker !== worker) return;
      turns.delete(channel);
      delivered.set(channel, upTo);
    },
  };
}
