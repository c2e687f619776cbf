/** Writes the page about load: what many broadcasts at once ask of one account, before and after there was one pace for a container. */

import { markdownTable } from '../report.ts';
import { platform } from '../simulator/assumptions.ts';
import { count } from '../simulator/formatted.ts';
import { before } from './before.ts';
import { firstLimits } from './first-limits.ts';
import type { LoadFigures } from './load-figures.ts';
import { postMinutes, streamLagRows } from './stream-lag.ts';
import type { Workload } from './workloads.ts';

export type Measured = ReadonlyMap<Workload, LoadFigures>;

const COLUMNS: readonly (readonly [string, (of: LoadFigures) => string])[] = [
  ['attempts for each post wanted', ({ attemptsPerPost }) => attemptsPerPost.toFixed(2)],
  ['executions wanted', ({ executionsWanted }) => count(executionsWanted)],
  ['workers at once', ({ workers }) => count(workers)],
  ['a publisher waits, median, ms', ({ waitMedianMs }) => count(waitMedianMs)],
  ['p99, ms', ({ waitP99Ms }) => count(waitP99Ms)],
  ['handshakes refused', ({ connectsRefused }) => percent(connectsRefused)],
  ['commands refused', ({ commandsRefused }) => percent(commandsRefused)],
  ['disconnected', ({ disconnected }) => count(disconnected)],
  ['clients that lack a message', ({ behind }) => count(behind)],
  ['requests to catch up', ({ catchUps }) => count(catchUps)],
  ['a message arrives, p99, ms', ({ delayP99Ms }) => count(delayP99Ms)],
  ['of live messages arrive', ({ liveShare }) => percent(liveShare)],
];

export function loadPage(measured: Measured): string {
  return [
    introduction(),
    ...[...measured].map(section),
    streamsSection(),
    limitsSection(),
    assumptions(),
  ].join('\n\n');
}

function introduction(): string {
  return `# Load, simulated

**Simulated, not run on AWS.** Many publishers, their workers, other clients and viewers share one account: its executions, and its
requests. What publishes and delivers is the deployed code: \`publishLogged\`, \`publishLive\`, \`fanOut\`, \`deliver\` and \`release\`, on the
ports of the [simulation of one broadcast](broadcast.md), with the same latencies. Run \`npm run bench -- load\` to do it again.

Half of the channels keep a history. Their clients miss no message: a client that sees a gap asks for the history after half a second.
"Before" is the code in which each broadcast had a pace of its own, run by the same simulator on 2026-11-30. Its figures of
the refused minute are of the first 20 seconds, after which all executions of the account were taken.`;
}

function section([workload, figures]: readonly [Workload, LoadFigures]): string {
  const old = before[workload.name];
  const rows = COLUMNS.map(([what, of]) => [what, ...(old ? [of(old)] : []), of(figures)]);
  const { name, what } = workload;
  return `## ${name[0]?.toUpperCase()}${name.slice(1)}

${what[0]?.toUpperCase()}${what.slice(1)}.

${markdownTable(['figure', ...(old ? ['before'] : []), 'now'], rows)}`;
}

export function streamsSection(): string {
  return `## Readers of streams, when 100,000 clients come back

All clients of rooms of 50 with presence lose their connections, and are back at one moment. So the table says how long each reader needs for all
changes, and that is the lag of the last one. It is arithmetic on the manifest and on \`batchesPerShard\` of the same stage as above, for the
four shards of a new table. The first figure is for mean latencies, and the second for twice that.

${markdownTable(['reader', 'gathers for', 'one batch of a shard at once', 'as deployed'], streamLagRows())}

Posts are the limit behind that: presence that tells each of 50 members of each comeback takes ${Math.round(postMinutes)} minutes at the stage's pace. A new
account has ten executions, so a stage in it keeps one batch for a shard, and its readers have the lag of the third column.`;
}

function limitsSection(): string {
  return `## The first limit of each load

Arithmetic on the settings of a stage with four fifths of an account of 10,000 requests a second and 1,000 executions.

${markdownTable(['load', 'first limit', 'reached at'], firstLimits())}`;
}

function assumptions(): string {
  return `## What it stands on

- The account takes 5,000 posts a second, ${count(2_500)} of them at once. Commands and handshakes have the other half of its quota, as the throttles
  of a stage divide it, so that the figures show what posts do to executions.
- ${count(platform.lambdaConcurrency.value)} executions may run at once, and each function gets ${count(platform.newEnvironmentsPerTenSeconds.value)} new environments in ten seconds. An event that finds no execution is
  tried again after a second, and then after twice as long each time, up to five minutes. One that fails is repeated after one and two minutes.
- "Executions wanted" are those that run and those that events of the account's pool wait for. Events behind a reservation do not count.
- A handshake runs two functions, for 15 and 25 ms. Other commands take 20 ms. Their code is not run here.
- A client whose request is refused asks again after up to 1 s, and then up to twice as long each time, up to 30 s.`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
