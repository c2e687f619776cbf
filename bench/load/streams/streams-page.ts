/** Writes the sections about crowds that the streams report. */

import { markdownTable } from '../../report.ts';
import { count } from '../../simulator/formatted.ts';
import { type ComeBackFigures, gatherMsOf, type Lag, type StreamName } from './come-back.ts';
import type { JoinFigures, Joins } from './joins.ts';
import { type NamedComeBack, SCALE } from './scenarios.ts';

export function joinsSection({ users, withinMs }: Joins, figures: JoinFigures): string {
  const minutes = withinMs / 60_000;
  return `## Joins of one channel with presence

${count(users)} users join one channel within ${minutes} minutes, each as an observer. The deployed code is that of the function \`presence\`, which announces
joins. The posts of its workers are counted, and take their time at the pace of the stage.

${markdownTable(
  ['figure', 'now'],
  [
    ['posts', count(figures.posts)],
    ['posts, if each join is told alone', count(users ** 2 / 2)],
    ['a join is told to the last observer, median', duration(figures.delayMedianMs)],
    ['p99', duration(figures.delayP99Ms)],
    ['longest', duration(figures.delayLongestMs)],
    ['the reader of the stream is behind, at most', duration(figures.lagLongestMs)],
    ['executions wanted', count(figures.executions)],
    ['joins that no observer is told', count(figures.untold)],
  ],
)}`;
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
before. In an outage all lose their connections at one moment. Users do not linger, so the rooms are told of each leave and each comeback.
The table says how far each reader is behind: p99, and the longest.

${markdownTable(['clients', ...readers, 'executions wanted', 'the last comeback is told after'], rows)}

The simulation has one tenth of everything: ${count(100_000 / SCALE)} clients, handshakes, posts, executions, and parallel batches of the four shards of a new table. So one
batch of a shard stands for ten. \`connection-events\` gathers for ${gatherMsOf('connection-events') / 1000} s. With one batch of a shard in place of ten, as in an account with ten executions, arithmetic
says 10 to 19 minutes when all come at one moment. Posts are the limit behind the readers.`;
}

function lagText({ p99Ms, longestMs }: Lag): string {
  return `${duration(p99Ms)}, ${duration(longestMs)}`;
}

function duration(ms: number): string {
  if (ms < 1_000) return `${count(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 7_200_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
