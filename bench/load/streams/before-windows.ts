/** The figures of 2026-12-01, before channels had windows (decision 55). The code of that day ran in the same simulator. */

import type { JoinFigures } from './joins.ts';

export const joinsBeforeWindows: Omit<JoinFigures, 'farewells'> = {
  posts: 47_614_033,
  delayMedianMs: 45.1 * 60_000,
  delayP99Ms: 3.1 * 60 * 60_000,
  delayLongestMs: 3.1 * 60 * 60_000,
  lagLongestMs: 1_300,
  executions: 18,
  untold: 0,
};
