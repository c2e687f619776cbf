/** The tables in `docs/alarms.md`: `npm run docs` writes them, and a test fails when they are out of date. */

import { readFile, writeFile } from 'node:fs/promises';
import type { AlarmDesign } from '../../lib/observability/alarm-design.ts';
import { alarmNames, alarms } from '../../lib/observability/alarm-table.ts';
import { type LogMetricDesign, logMetricNames, logMetrics } from '../../lib/observability/log-metrics.ts';
import { withGeneratedParts } from './generated-parts.ts';

export const ALARMS_PAGE = new URL('../alarms.md', import.meta.url);

/** The page with its tables as they should be. */
export function generateAlarmsPage(page: string): string {
  return withGeneratedParts(page, { alarms: alarmsTable, metrics: metricsTable });
}

export async function writeAlarmsPage(): Promise<void> {
  await writeFile(ALARMS_PAGE, generateAlarmsPage(await readFile(ALARMS_PAGE, 'utf8')));
}

function alarmsTable(): string {
  const rows = alarmNames.map((name) => {
    const design: AlarmDesign = alarms[name];
    return row([`[\`${name}\`](#${name})`, design.title, numberOf(design), spanOf(design), design.reason]);
  });
  return [
    row(['alarm', 'says', 'from', 'in', 'reason of the number']),
    row(['---', '---', '---', '---', '---']),
    ...rows,
  ].join('\n');
}

function metricsTable(): string {
  const rows = logMetricNames.map((name) => {
    const { title, lines, adds }: LogMetricDesign = logMetrics[name];
    const counted = lines.map((line) => `"${line}"`).join(', ');
    return row([`\`${name}\``, title, adds ? `${counted}, adding up \`${adds}\`` : counted]);
  });
  return [row(['metric', 'counts', 'lines']), row(['---', '---', '---']), ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function numberOf({ threshold, below, shareWith, statistic, watch }: AlarmDesign): string {
  const number = threshold.toLocaleString('en-US');
  if (below) return `fewer than ${number}`;
  if (shareWith) return `${number} %, and ${shareWith.least} of them`;
  const isTime = statistic === 'Maximum' && watch.some(({ from }) => from === 'functions');
  return isTime ? `${number} ms` : number;
}

function spanOf({ periodMinutes, periods: [breaching, of] }: AlarmDesign): string {
  const period = periodMinutes === 1 ? 'a minute' : `${periodMinutes} minutes`;
  if (of === 1) return period;
  return breaching === of ? `${period}, ${of} times running` : `${period}, ${breaching} times of ${of}`;
}
