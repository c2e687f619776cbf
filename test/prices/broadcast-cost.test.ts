import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { broadcastCost, simulated } from '../../prices/broadcast-cost.ts';

const page = await readFile(new URL('../../docs/benchmarks/broadcast.md', import.meta.url), 'utf8');

/** The cells of the rows that begin with these, in the section below a heading. */
function rowsBelow(heading: string, first: RegExp): string[][] {
  const [, section = ''] = page.split(`${heading}\n`);
  const [body = ''] = section.split(/^##/m);
  const lines = body.split('\n').filter((line) => first.test(line));
  return lines.map((line) => line.split('|').map((cell) => cell.trim().replaceAll(',', '')));
}

describe('the cost of a broadcast', () => {
  it('is that of the simulation, whose page has every figure', () => {
    const dollars = rowsBelow('## With the SDK client instead', /^\| default quotas /).map((cells) => [
      Number(cells[2]),
      Number(cells[3]),
      Number(cells[7]),
    ]);
    const units = rowsBelow('### Default quotas', /^\| [\d,]+ /).map((cells) => [
      Number(cells[1]),
      Number(cells[7]),
      Number(cells[8]),
    ]);

    expect(
      simulated.map(({ subscribers, seconds, lambdaDollars }) => [subscribers, seconds, lambdaDollars]),
    ).toEqual(dollars);
    expect(simulated.map(({ subscribers, reads, writes }) => [subscribers, reads, writes])).toEqual(units);
  });

  it('of a number between two that were simulated is on the line between them', () => {
    expect(simulated[2]).toMatchObject(broadcastCost(100));
    expect(simulated[0]).toMatchObject(broadcastCost(1));
    expect(broadcastCost(550).reads).toBe(13);
    expect(broadcastCost(550).lambdaDollars).toBeCloseTo(0.00000652, 12);
  });

  it('of more subscribers than were simulated is on the last line, longer', () => {
    expect(broadcastCost(1_900_000).reads).toBe(45_503);
  });
});
