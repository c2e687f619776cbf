/** A line for each table, the cost, and what stays. */

import type { prices } from 'fanfare-local';
import { EMPTY, type Tallies } from './erase.ts';
import { tableNames } from './rules.ts';
import { unreached } from './unreached.ts';

/** The prices of a read and of a write unit. */
type UnitPrices = Pick<typeof prices, 'read' | 'write'>;

export interface ReportFacts {
  readonly user: string;
  readonly isDry: boolean;
  readonly tallies: Tallies;
  readonly prices: UnitPrices;
  /** Tables of the application's own. */
  readonly others: readonly string[];
}

export function erasureReport({ user, isDry, tallies, prices, others }: ReportFacts): string {
  const rows = tableNames.map((table) => {
    const { deleted, rewritten, kept, readUnits, writeUnits } = tallies.get(table) ?? EMPTY;
    const stays = [...kept.values()].reduce((sum, count) => sum + count, 0);
    return [table, deleted, rewritten, stays, readUnits, writeUnits] as const;
  });
  const sum = (column: 1 | 2 | 3 | 4 | 5) => rows.reduce((total, row) => total + row[column], 0);
  const total = ['all', sum(1), sum(2), sum(3), sum(4), sum(5)] as const;
  const dollars = costOf(sum(4), prices.read) + costOf(sum(5), prices.write);
  return [
    isDry ? `What the erasure of ${user} would do:` : `The erasure of ${user}:`,
    ...table([['table', 'delete', 'rewrite', 'keep', 'read units', 'write units'], ...rows, total]),
    `${isDry ? 'It would cost' : 'It cost'} about $${dollars.toFixed(6)}, at the list prices of us-east-1.`,
    ...keptLines(tallies),
    '',
    'It cannot reach (docs/data.md):',
    ...unreached.map(({ what, until }) => `- ${what}: ${until}`),
    ...(others.length > 0 ? [`Tables of your own in this stack: ${others.join(', ')}.`] : []),
    ...(isDry
      ? ['', 'Nothing was changed. With --yes it revokes the tokens of the user, and then does it.']
      : []),
  ].join('\n');
}

function keptLines(tallies: Tallies): readonly string[] {
  return [...tallies].flatMap(([table, { kept }]) =>
    [...kept].map(([why, count]) => `${count} of ${table} stay: ${why}.`),
  );
}

function costOf(units: number, { dollars, forUnits }: UnitPrices['read' | 'write']): number {
  return (units * Number(dollars)) / Number(forUnits);
}

/** Names to the left, numbers to the right. */
function table(rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => String(row[column]).length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? String(cell).padEnd(width) : String(cell).padStart(width);
      })
      .join('  '),
  );
}
