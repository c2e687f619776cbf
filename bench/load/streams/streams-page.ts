/** Writes the sections about crowds that the streams report. */

import { markdownTable } from '../../report.ts';
import { count } from '../../simulator/formatted.ts';
import { joinsBeforeWindows } from './before-windows.ts';
import { type ComeBackFigures, gatherMsOf, type Lag, type StreamName } from './come-back.ts';
import type { JoinFigures, Joins } from './joins.ts';
import { type NamedComeBack, SCALE } from './scenarios.ts';

const JOIN_FIGURES: readonly (readonly [string, (of: Omit<JoinFigures, 'farewells'>) => string])[] = [
  ['posts', ({ posts }) => count(posts)],
  ['a join is told to the last observer, median', ({ delayMedianMs }) => duration(delayMedianMs)],
  ['p99', ({ delayP99Ms }) => duration(delayP99Ms)],
  ['longest', ({ delayLongestMs }) => duration(delayLongestMs)],
  ['the reader of the stream is behind, at most', ({ lagLongestMs }) => duration(lagLongestMs)],
  ['executions wanted', ({ executions }) => count(executions)],
  ['joins that no observer is told', ({ untold }) => count(untold)],
];

export function joinsSection({ users, withinMs }: Joins, figures: JoinFigures): string {
  const minutes = withinMs / 60_000;
  const rows = JOIN_FIGURES.map(([what, of]) => [what, of(joinsBeforeWindows), of(figures)]);
  return `## Joins of one channel with presence

${count(users)} users join one channel within ${minutes} minutes, each as an observer. The deployed code is that of the functions \`presence\` and
\`farewell\`: \`presence\` tells a join while the window of the channel is open, and one worker tells those that had to wait for it together. The posts of
\`deliver\` are counted, and take their time at the pace of the stage. "Before" is the code without windows, run by the same simulator on 2026-12-01.

${markdownTable(
  ['figure', 'before', 'now'],
  [...rows, ['executions of `farewell`', '–', count(figures.farewells)]],
)}

If each join were told alone, that would be ${count(users ** 2 / 2)} posts. The index of the due list is never behind its table here, and of the functions'
work only posts take time of a core.`;
}

const readers: readonly StreamName[] = ['connection-events', 'channel-events', 'presence'];

export function comeBackSection(figures: ReadonlyMap<NamedComeBack, ComeBackFigures>): string {
  const rows = [...figures].map(([{ name, kind }, { lags, executions, toldMs }]) => [
    name,
    ...readers.map((reader) => lagText(lags[reader])),
    count(executions * SCALE),
    kind === 'outage' ? duration(toldMs) : '–',
  ]);
  return `## Readers of streams, when 100,000 clients come back

Clients of rooms of 50 with presence, each with a channel of its own. A client that is renewed opens its next connection and then closes the one
before. In an outage all lose their connections at one moment. Users do not linger, so a leave waits only for the window of its room. A client that
comes back before its leave is told is told neither as gone nor as back. The table says how far each reader is behind: p99, and the longest.

${markdownTable(['clients', ...readers, 'executions wanted', 'the last comeback is told after'], rows)}

The simulation has one tenth of everything: ${count(100_000 / SCALE)} clients, handshakes, posts, executions, and parallel batches of the four shards of a new table. So one
batch of a shard stands for ten. \`connection-events\` gathers for ${gatherMsOf('connection-events') / 1000} s. The worker of the due list is one
execution in either size, and is counted as ten. The whole crowd with one batch of a shard in place of ten was simulated once, on 2026-12-01: when all come at one
moment, the readers are behind by 1.6, 2.5 and 1.3 min at most, and with ten executions for readers and \`farewell\` together by 3.7, 2.5 and 2.1 min.
When all come at one moment, posts are the limit behind the readers.`;
}

function lagText({ p99Ms, longestMs }: Lag): string {
  return `${duration(p99Ms)}, ${duration(longestMs)}`;
}

function duration(ms: number): string {
  if (ms < 1_000) return `${count(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 7_200_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
