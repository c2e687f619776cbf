/** Writes the page about load: what many broadcasts and crowds ask of one account, its bills and its first limits. */

import { markdownTable } from '../report.ts';
import { platform } from '../simulator/assumptions.ts';
import { count } from '../simulator/formatted.ts';
import { before } from './before.ts';
import { billsSection } from './bills-section.ts';
import { firstLimits } from './first-limits.ts';
import type { LoadFigures } from './load-figures.ts';
import type { ComeBackFigures } from './streams/come-back.ts';
import type { JoinFigures } from './streams/joins.ts';
import { joins, type NamedComeBack } from './streams/scenarios.ts';
import { comeBackSection, joinsSection } from './streams/streams-page.ts';
import type { Workload } from './workloads.ts';

export interface Measured {
  readonly loads: ReadonlyMap<Workload, LoadFigures>;
  readonly joined: JoinFigures;
  readonly returned: ReadonlyMap<NamedComeBack, ComeBackFigures>;
}

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

export function loadPage({ loads, joined, returned }: Measured): string {
  return [
    introduction(),
    ...[...loads].map(section),
    joinsSection(joins, joined),
    comeBackSection(returned),
    billsSection(),
    limitsSection(),
    assumptions(),
  ].join('\n\n');
}

function introduction(): string {
  return `# Load, simulated

**Simulated, not run on AWS.** Many publishers, their workers, other clients and viewers share one account: its executions, and its
requests. What publishes and delivers is the deployed code: \`publishLogged\`, \`publishLive\`, \`fanOut\`, \`deliver\` and \`release\`, on the
ports of the [simulation of one broadcast](broadcast.md), with the same latencies. Run \`npm run bench -- load\` to do it again.

Half of the channels keep a history. Their clients miss no message: a client that sees a gap asks for the history after 0.5 to 1 s.
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

export function limitsSection(): string {
  return `## The first limit of each load

Arithmetic on the settings of a stage with four fifths of an account of 10,000 requests a second and 1,000 executions. The quota behind each
limit is named with the number of its [fact](../local-fidelity.md).

${markdownTable(['load', 'first limit', 'reached at', 'quota behind it'], firstLimits())}`;
}

function assumptions(): string {
  return `## What it stands on

- The account takes 5,000 posts a second, ${count(2_500)} of them at once. Commands and handshakes have the other half of its quota, as the throttles
  of a stage divide it, so that the figures show what posts do to executions.
- ${count(platform.lambdaConcurrency.value)} executions may run at once, and each function gets ${count(platform.newEnvironmentsPerTenSeconds.value)} new environments in ten seconds. An event that finds no execution is
  tried again after a second, and then after twice as long each time, up to five minutes. One that fails is repeated after one and two minutes.
- "Executions wanted" are those that run and those that events of the account's pool wait for. Events behind a reservation do not count.
- A handshake runs two functions, for 15 and 25 ms. Other commands take 20 ms. Their code is not run here.
- A client whose request is refused asks again after up to 0.5 s, and then up to twice as long each time, up to 90 s, as the client library does.`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
