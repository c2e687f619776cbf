/** The printed lines: one for each rule, and one for the server. */

import type { Finding } from './check.ts';

export function findingLine({ rule, status, seen }: Finding): string {
  const line = `  ${status.padEnd(7)}  ${rule.section}/${rule.name}  ${rule.statement}`;
  return seen === '' ? line : `${line}; ${seen}`;
}

export function verdictLine(url: string, findings: readonly Finding[]): string {
  const count = (wanted: Finding['status']) => findings.filter(({ status }) => status === wanted).length;
  const broken = findings.flatMap(({ rule, status }) => (status === 'broken' ? [rule.name] : []));
  const counts = `${count('kept')} kept, ${broken.length} broken, ${count('skipped')} skipped`;
  const verdict = broken.length === 0 ? 'speaks fanfare.v1' : `breaks ${broken.join(', ')}`;
  return `\n${url} ${verdict}\n${counts}`;
}
