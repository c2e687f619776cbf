import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const page = await readFile(new URL('../../docs/fallbacks.md', import.meta.url), 'utf8');

const PRODUCT = /^ +(?<count>[\d,.]+) (?<what>[\w -]+) × \$(?<price>[\d.]+)\/M = \$(?<cost>[\d.]+)/gm;

const products = [...page.matchAll(PRODUCT)].map(({ groups = {} }) => ({
  count: Number(groups['count']?.replaceAll(',', '')),
  what: groups['what'] ?? '',
  price: Number(groups['price']),
  cost: Number(groups['cost']),
}));

/** Dollars, to the digit that the page shows. */
const micros = (dollars: number) => Math.round(dollars * 1e6);

describe('the costs of fallbacks', () => {
  it('are products of units and prices', () => {
    expect(products.length).toBeGreaterThan(30);
    for (const { count, what, price, cost } of products)
      expect([what, count, Math.abs(count * price - cost * 1e6) <= 0.5]).toEqual([what, count, true]);
  });

  it('have one price for each thing', () => {
    const prices = new Map(products.map(({ what, price }) => [what, price]));

    expect(Object.fromEntries(prices)).toEqual({
      'connection minutes': 0.25,
      messages: 1,
      requests: 0.2,
      'GB-seconds': 13.3334,
      reads: 0.125,
      writes: 0.625,
    });
    for (const { what, price } of products) expect(price).toBe(prices.get(what));
  });

  it('add up, and stand in the table', () => {
    const blocks = page.matchAll(/^(?<name>\w.*)\n(?<lines>(?: {2}.*\n)+?) {2}total \$(?<total>[\d.]+)$/gm);
    const totals = [...blocks].map(({ groups = {} }) => {
      const costs = [...(groups['lines'] ?? '').matchAll(PRODUCT)].map(({ groups: line = {} }) =>
        micros(Number(line['cost'])),
      );
      expect([groups['name'], costs.reduce((sum, cost) => sum + cost, 0)]).toEqual([
        groups['name'],
        micros(Number(groups['total'])),
      ]);
      return `$${groups['total']}`;
    });
    const table = [
      ...page.matchAll(
        /^\| (?:WebSocket|event stream|long polling|short polling)[^|]*\|(?<cells>.*\$.*)\|$/gm,
      ),
    ];
    const shown = table.flatMap(({ groups = {} }) => groups['cells']?.match(/\$[\d.]+/g) ?? []);

    expect(totals).toHaveLength(9);
    expect(shown.toSorted()).toEqual(totals.toSorted());
  });
});
