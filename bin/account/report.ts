/** Preflight's findings for people, and for programs. */

import type { CallerIdentity } from './facts/identity.ts';
import type { Finding, Severity } from './finding.ts';
import type { StageNeeds } from './stage-needs.ts';

type Subject = CallerIdentity & Pick<StageNeeds, 'stage' | 'stackName'>;

const INDENT = ' '.repeat('refuses  '.length);

export function textReport(
  { account, region, stage, stackName }: Subject,
  findings: readonly Finding[],
): string {
  const title = `Account ${account}, region ${region}, stage ${stage} (stack ${stackName}). Preflight only reads.`;
  return [title, ...findings.map(paragraph), conclusion(findings, stage)].join('\n\n');
}

export function jsonReport(
  { account, region, stage, stackName }: Subject,
  findings: readonly Finding[],
): string {
  return JSON.stringify({ account, region, stage, stackName, findings }, null, 2);
}

function paragraph({ severity, sentence, remedy }: Finding): string {
  const first = `${severity.padEnd(INDENT.length)}${sentence}`;
  return remedy === undefined ? first : `${first}\n${INDENT}${remedy}`;
}

function conclusion(findings: readonly Finding[], stage: string): string {
  const count = (of: Severity) => findings.filter(({ severity }) => severity === of).length;
  const [refusals, shortages] = [count('refuses'), count('starves')];
  const deploy = `\`npx cdk deploy -c stage=${stage}\``;
  const shortage = shortages === 0 ? '' : ` ${shortages} to know before there is traffic ("starves").`;
  if (refusals > 0) return `${deploy} would fail: ${refusals} to mend first ("refuses").${shortage}`;
  return `Preflight found nothing that refuses ${deploy}.${shortage}`;
}
