/** All situations in virtual time, in the order of the table. */

import type { Situation } from './situation.ts';
import { callers } from './situations/callers.ts';
import { clocks } from './situations/clocks.ts';
import { lateLinks } from './situations/late-replies.ts';
import { silentLinks } from './situations/silence.ts';
import { slowLinks } from './situations/slow-links.ts';
import { storms } from './situations/storms.ts';

export const situations: readonly Situation[] = [
  ...slowLinks,
  ...lateLinks,
  ...silentLinks,
  ...clocks,
  ...storms,
  ...callers,
];
