/** The verdict of a whole run: each count is a promise that was broken so often. */

import type { ValuesJudgement } from './values-verdict.ts';
import type { Judgement } from './verdict.ts';

export interface Verdict extends Judgement, ValuesJudgement {
  /** Acknowledged messages that an observer got neither in its reply nor live. */
  readonly missed: number;
  /** Numbers that readers got as void, but that a slow writer could still take. */
  readonly unsealed: number;
  /** Subscriptions and readers that were not at the end of their channel long after the last fault. */
  readonly stuck: number;
}

export function isClean(verdict: Verdict): boolean {
  return Object.values(verdict).every((count) => count === 0);
}
