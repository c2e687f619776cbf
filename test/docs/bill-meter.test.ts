/** The page computes the bill of a session by hand; here the session runs, and the meter must say the same. */

import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Bill } from '../../packages/local/src/bill/bill.ts';
import { dollarText, yoctodollars } from '../../packages/local/src/bill/money.ts';
import { PRICES_READ_ON, prices } from '../../packages/local/src/bill/prices.ts';
import { billOfSession } from '../local/bill/session.ts';

const page = await readFile(new URL('../../docs/bill-meter.md', import.meta.url), 'utf8');

/** The cells of the rows of the table that begins with this heading. */
function rowsBelow(heading: string): string[][] {
  const lines = page.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`| ${heading} |`)) + 2;
  const rows = lines.slice(first);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map(cellsOf);
}

function cellsOf(row: string): string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) =>
      cell
        .trim()
        .replaceAll(',', '')
        .replace(/^\$(?=\d)/, ''),
    );
}

describe('the bill that docs/bill-meter.md computes by hand', () => {
  let bill: Bill;

  beforeAll(async () => {
    bill = await billOfSession();
  });

  const computed = rowsBelow('what').filter(([what]) => what !== 'total');

  it('has the lines, the quantities and the amounts of the meter, to the last digit', () => {
    const metered = bill.lines.map(({ service, item, cause, quantity, dollars }) => [
      `${service} ${item}: ${cause}`.replaceAll(',', ''),
      quantity,
      dollars,
    ]);

    expect(computed.map(([what, , quantity, dollars]) => [what, quantity, dollars])).toEqual(metered);
  });

  it('has the total of the meter, to the last digit, and it is the sum of its lines', () => {
    const total = rowsBelow('what').at(-1)?.at(-1);
    const sum = computed.reduce((dollars, row) => dollars + yoctodollars(row.at(-1) ?? ''), 0n);

    expect(total).toBe(bill.total);
    expect(dollarText(sum)).toBe(bill.total);
  });

  it('was computed with the prices that the meter has', () => {
    const stated = rowsBelow('price').map(([service, item, dollars, per]) => [service, item, dollars, per]);

    expect(stated).toEqual(
      Object.values(prices).map(({ service, item, dollars, forUnits, unit }) => [
        service,
        item,
        dollars,
        `${forUnits} x ${unit}`,
      ]),
    );
    expect(page).toContain(PRICES_READ_ON);
  });
});
