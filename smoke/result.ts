/** The result of a run. It is written as the JSON file, and the printed lines are made of it. */

import type { Status } from './fact.ts';

export interface FactResult {
  readonly name: string;
  readonly number?: string;
  readonly expected: string;
  readonly status: Status;
  readonly seen: string;
  readonly ms: number;
}

export interface GroupResult {
  readonly group: string;
  /** Skipped if every fact of the group was skipped. */
  readonly verdict: Status;
  readonly facts: readonly FactResult[];
}

export interface SmokeResult {
  readonly stage: string;
  readonly url: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly ms: number;
  readonly verdict: 'passed' | 'failed';
  readonly counts: Readonly<Record<Status, number>>;
  readonly groups: readonly GroupResult[];
}

/** The verdict on several facts: one failure is a failure, and a skipped fact proves nothing. */
export function verdictOf(statuses: readonly Status[]): Status {
  if (statuses.includes('failed')) return 'failed';
  return statuses.includes('passed') ? 'passed' : 'skipped';
}

export function summedUp(
  about: Pick<SmokeResult, 'stage' | 'url' | 'startedAt' | 'ms'>,
  groups: readonly GroupResult[],
): SmokeResult {
  const statuses = groups.flatMap(({ facts }) => facts.map(({ status }) => status));
  const count = (wanted: Status) => statuses.filter((status) => status === wanted).length;
  return {
    ...about,
    verdict: verdictOf(statuses) === 'failed' ? 'failed' : 'passed',
    counts: { passed: count('passed'), failed: count('failed'), skipped: count('skipped') },
    groups,
  };
}

/** The failed facts by their full names. */
export function failuresOf({ groups }: Pick<SmokeResult, 'groups'>): readonly string[] {
  return groups.flatMap(({ group, facts }) =>
    facts.flatMap(({ name, status }) => (status === 'failed' ? [`${group}/${name}`] : [])),
  );
}
