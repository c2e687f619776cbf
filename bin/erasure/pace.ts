/** Keeps an operator's command from taking the read and write units that the stage needs. */

import { setTimeout as sleep } from 'node:timers/promises';

export interface Pace {
  /** Returns when the units are within the limit. */
  spend(units: number): Promise<void>;
}

/** @param unitsPerSecond The limit of reads and writes together. */
export function paceOf(
  unitsPerSecond: number,
  now: () => number = Date.now,
  wait: (ms: number) => Promise<unknown> = sleep,
): Pace {
  let free = 0;
  return {
    async spend(units) {
      const start = Math.max(free, now());
      free = start + (units / unitsPerSecond) * 1_000;
      if (free > now()) await wait(free - now());
    },
  };
}
