/** The table of all situations, and the page with it. */

import { markdownTable, type Row } from '../report.ts';
import type { Figures } from './play.ts';
import { rounded } from './verdict.ts';

export interface Played {
  readonly name: string;
  readonly about: string;
  readonly figures: Figures;
  readonly breaches: readonly string[];
}

export const PLOT_TITLE = 'Seconds until 99 % of the messages had come, without situations that miss some';

export const HEAD = [
  'situation',
  'expected',
  'missed',
  'twice',
  'late p50 (s)',
  'late p99 (s)',
  'bytes / needed',
  'attempts / min',
  'worst second',
  'broken',
] as const;

export function cellsOf({ name, figures, breaches }: Played): Row {
  const { expected, missed, twice, lateP50, lateP99, bytesOverNeeded, attemptsPerMinute, worstSecond } =
    figures;
  return [
    name,
    expected,
    missed,
    twice,
    rounded(lateP50 / 1000),
    rounded(lateP99 / 1000),
    bytesOverNeeded === undefined ? '' : rounded(bytesOverNeeded),
    rounded(attemptsPerMinute),
    worstSecond === undefined ? '' : `${rounded(worstSecond * 100)} %`,
    breaches.join(', '),
  ];
}

/** For a terminal: the name to the left, figures to the right, below their heads. */
export function lineOf(cells: Row): string {
  const shown = cells
    .slice(1, -1)
    .map((cell, index) => `${cell}`.padStart((HEAD[index + 1] ?? '').length + 2));
  return [`${cells[0]}`.padEnd(24), ...shown, `  ${cells.at(-1)}`].join('').trimEnd();
}

export function networksPage(seed: number, played: readonly Played[]): string {
  const broken = played.filter(({ breaches }) => breaches.length > 0).length;
  const verdict =
    broken === 0
      ? 'Every situation with history has all of its messages, each once, and every bound is kept.'
      : `BROKEN: ${broken} of ${played.length} situations.`;
  return `# Bad networks

\`npm run networks\` puts the client on links that are slow, silent, late or lying, and counts what it misses. Situations whose names begin
with \`tcp-\` run over real sockets to the local runtime. All others run in virtual time, against a server that keeps the wire protocol and the
limits of a reply and a frame, but no rate limit. Seed ${seed}. A seed repeats the figures of virtual time exactly.

${verdict}

![${PLOT_TITLE}](networks.svg)

${markdownTable(HEAD, played.map(cellsOf))}

- **late**: from the publish, or from the moment at which the message could first arrive, to the handler.
- **late** in \`silent-nat\`: only messages after the first silent loss count, because the client cannot know the router before.
- **bytes / needed**: everything that came down after TLS, over the JSON of the expected messages, each once. Where messages are few, pongs and
  handshakes are most of it.
- **attempts / min**: attempts to connect, of one client.
- **worst second**: the most attempts in any second after the outage, as a share of the clients.
- **broken**: a message that was missed or came twice in a channel with history, or a bound that was not kept.

| situation | what happens |
| --- | --- |
${played.map(({ name, about }) => `| ${name} | ${about} |`).join('\n')}`;
}
