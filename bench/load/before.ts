/**
 * The figures of 2026-11-30, when each broadcast had a pace of its own and publishers waited for three seconds. The code of that day ran
 * in the same simulator.
 */

import type { LoadFigures } from './load-figures.ts';

export const before: Readonly<Record<string, LoadFigures>> = {
  // Of the first 20 seconds of the minute: from then on the account had no execution left.
  'a refused minute': {
    attemptsPerPost: 11.248,
    executionsWanted: 1_004,
    workers: 823,
    waitMedianMs: 3_036,
    waitP99Ms: 3_813,
    connectsRefused: 0,
    commandsRefused: 0,
    disconnected: 0,
    behind: 0,
    catchUps: 4_445,
    delayP99Ms: 23_985,
    liveShare: 1,
  },
  'one and a half times the quota': {
    attemptsPerPost: 3.517,
    executionsWanted: 1_808,
    workers: 753,
    waitMedianMs: 3_029,
    waitP99Ms: 3_731,
    connectsRefused: 0.718,
    commandsRefused: 0.705,
    disconnected: 0,
    behind: 0,
    catchUps: 31_111,
    delayP99Ms: 12_381,
    liveShare: 0.818,
  },
};
