/** Decides whether a run of the tests may pass: it has no leak, and a run of all tests has output and secrets to search. */

import type { Evidence } from './evidence.ts';
import { leaksIn } from './search.ts';

/** As many as say where to look. */
const NAMED = 20;

/** @returns the fault, or `undefined` if there is no fault. */
export function faultOf(
  { folder, secrets, logs }: Evidence,
  { isWhole }: { readonly isWhole: boolean },
): string | undefined {
  const leaks = leaksIn(logs, secrets);
  if (leaks.length > 0) {
    const places = leaks.slice(0, NAMED).map(({ log, line }) => `${log}:${line}`);
    return `Tokens or secrets are in ${leaks.length} lines of the logs in ${folder}: ${places.join(', ')}`;
  }
  if (!isWhole) return undefined;
  if (secrets.length === 0) return 'No test said which secrets it used, so none could be found.';
  const empty = ['functions', 'processes'].filter((source) => isEmpty(logs, `${source}.log`));
  return empty.length > 0 ? `Nothing was kept of what ${empty.join(' and ')} printed.` : undefined;
}

function isEmpty(logs: Evidence['logs'], name: string): boolean {
  return !logs.some((log) => log.name === name && log.text.trim() !== '');
}
