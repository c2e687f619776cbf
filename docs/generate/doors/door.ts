/** The row of the table about one door. */

import type { Check } from './checks.ts';
import type { DefenceName } from './defences.ts';

/** The mechanism, or a sentence that says why there is nothing to check. */
export type Cell = DefenceName | { readonly none: string };

export interface Door {
  /** The parts of the code that the door covers. `test/docs/doors.test.ts` finds parts that no door covers. */
  readonly covers: readonly string[];
  readonly checks: Readonly<Record<Check, Cell>>;
}
