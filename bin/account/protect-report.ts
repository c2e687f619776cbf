/** A line for each table, and a last one about all of them. */

import type { TableOutcome } from './protect-tables.ts';

export function protectReport(outcomes: readonly TableOutcome[], protection: boolean): string {
  const state = protection ? 'protected' : 'not protected';
  const lines = outcomes.map(({ table, outcome, reason = '' }) => {
    if (outcome === 'failed') return `${table}  failed: ${reason}`;
    return `${table}  ${state}${outcome === 'unchanged' ? ', as before' : ''}`;
  });
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed').length;
  const rest = outcomes.length - failed;
  const conclusion =
    failed === 0
      ? `All ${rest} tables are ${state}.`
      : `${rest} of ${outcomes.length} tables are ${state}; run it again for the other ${failed}.`;
  return [...lines, conclusion].join('\n');
}
