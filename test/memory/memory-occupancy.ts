/** Occupancy in memory, with DynamoDB's conditions. */

import type { Occupancy, OccupancyStore } from '../../lambdas/realtime/lifecycle/occupancy.ts';

export interface MemoryOccupancy extends OccupancyStore {
  /** The channels that were last found to be occupied. */
  occupied(): readonly string[];
}

export function memoryOccupancy(): MemoryOccupancy {
  const stored = new Map<string, Occupancy>();
  return {
    async read(channel) {
      return stored.get(channel);
    },
    async change(channel, known, next) {
      const found = stored.get(channel);
      const isAsKnown = found?.version === known?.version && found?.told === known?.version;
      if (isAsKnown) stored.set(channel, { ...next, told: known?.version ?? 0 });
    },
    async tell(channel, { version }) {
      const found = stored.get(channel);
      if (found?.version === version) stored.set(channel, { ...found, told: version });
    },
    occupied: () => [...stored].flatMap(([channel, { occupied }]) => (occupied ? [channel] : [])),
  };
}
