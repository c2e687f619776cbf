/** The printed lines: one for each fact, one for the verdict on each group, and one for the run. */

import type { Status } from './fact.ts';
import { type FactResult, failuresOf, type GroupResult, type SmokeResult } from './result.ts';

export function factLine(group: string, { name, number, expected, status, seen, ms }: FactResult): string {
  const id = number === undefined ? `${group}/${name}` : `${group}/${name} (${number})`;
  return `  ${status.padEnd(7)}  ${id}  expected: ${expected}; saw: ${seen}; ${ms} ms`;
}

const verdictLines: Readonly<Record<Status, (result: GroupResult) => string>> = {
  passed({ group, facts }) {
    const skipped = facts.filter(({ status }) => status === 'skipped').length;
    const rest = skipped === 0 ? '' : `, ${skipped} skipped`;
    return `${group}: passed (${facts.length - skipped} of ${facts.length}${rest})`;
  },
  failed: (result) => `${result.group}: FAILED (${failuresOf({ groups: [result] }).join(', ')})`,
  // Not passed: another stage has to show it.
  skipped: ({ group, facts }) => `${group}: skipped (${reasonsOf(facts).join('; ')})`,
};

export function groupLine(result: GroupResult): string {
  return verdictLines[result.verdict](result);
}

function reasonsOf(facts: readonly FactResult[]): readonly string[] {
  return [...new Set(facts.map(({ seen }) => seen))];
}

/** @param file Where everything that was seen is written. */
export function summary(result: SmokeResult, file: string): string {
  const { stage, verdict, counts, ms } = result;
  const { passed, failed, skipped } = counts;
  const seconds = Math.round(ms / 1000);
  const names = verdict === 'failed' ? `: ${failuresOf(result).join(', ')}` : '';
  return `\n${stage} ${verdict}${names}\n${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s; all of it is in ${file}`;
}
