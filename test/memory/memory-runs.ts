/** Runs of idempotent actions in memory. */

import type { RunStore } from '../../lambdas/own-actions/run-store.ts';

interface StoredRun {
  readonly owner: string;
  readonly leaseUntil: number;
  readonly expiresAt: number;
  readonly outcome?: string;
}

export function memoryRuns(): RunStore {
  const runs = new Map<string, StoredRun>();
  return {
    async begin({ runKey, owner }, { now, leaseUntil, expiresAt }) {
      const known = runs.get(runKey);
      const isOver = !known || Math.ceil(known.expiresAt / 1000) <= Math.floor(now / 1000);
      if (!isOver && known.outcome !== undefined) return { kind: 'finished', outcome: known.outcome };
      if (!isOver && known.owner !== owner && known.leaseUntil > now)
        return { kind: 'running', leaseUntil: known.leaseUntil };
      runs.set(runKey, { owner, leaseUntil, expiresAt });
      return { kind: 'begun' };
    },

    async finish({ runKey, owner }, outcome) {
      const known = runs.get(runKey);
      if (known?.owner !== owner) return false;
      runs.set(runKey, { ...known, outcome });
      return true;
    },

    async giveUp({ runKey, owner }) {
      const known = runs.get(runKey);
      if (known?.owner === owner) runs.set(runKey, { ...known, leaseUntil: 0 });
    },
  };
}
