/** What the table says of one way in. */

import type { Check } from './checks.ts';
import type { DefenceName } from './defences.ts';

/** The mechanism, or a sentence that says why there is nothing to check. */
export type Cell = DefenceName | { readonly none: string };

export interface Door {
  /** What it covers of what the code declares: `test/docs/doors.test.ts` finds what no door covers. */
  readonly covers: readonly string[];
  readonly checks: Readonly<Record<Check, Cell>>;
}
