/** The bill as a table of text. */

import type { Bill, BillLine } from './bill.ts';

type Row = readonly [what: string, cause: string, times: string, quantity: string, dollars: string];

const HEADINGS: Row = ['', '', 'times', 'quantity', 'dollars'];

export function billReport({ since, until, lines, channels, total, region, pricesReadOn }: Bill): string {
  const rows: Row[] = [
    HEADINGS,
    ...lines.map(rowOf),
    ['total', '', '', '', total],
    ...channels.map(
      ({ channel, messagesIn, messagesOut, dollars }): Row => [
        'of which messages of a channel',
        channel,
        '',
        `${messagesIn} in, ${messagesOut} out`,
        dollars,
      ],
    ),
  ];
  const title = `What AWS would charge for ${since} to ${until}, without free tiers (${region}, prices of ${pricesReadOn}):`;
  return `${title}\n\n${aligned(rows).join('\n')}\n`;
}

function rowOf({ service, item, cause, times, quantity, unit, dollars }: BillLine): Row {
  return [`${service} ${item}`, cause, String(times), `${quantity} x ${unit}`, dollars];
}

function aligned(rows: readonly Row[]): string[] {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
