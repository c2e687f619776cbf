/** The bills of the page about load, beside sums that were made by hand. */

import { describe, expect, it } from 'vitest';
import { billedWorkloads } from '../../prices/bills.ts';
import { idleDollars, silencesNow } from '../../prices/idle.ts';
import { billOf, totalOf } from '../../prices/usage.ts';

describe('a bill', () => {
  it('has the dollars of each service, and no service that was not used', () => {
    const bill = billOf({ message: 2_000_000, connectionMinute: 4_000_000, write: 1_000_000 });

    expect([...bill]).toEqual([
      ['API Gateway', 3],
      ['DynamoDB', 0.625],
    ]);
    expect(totalOf(bill)).toBe(3.625);
  });

  it('has the lower price above a billion messages', () => {
    expect(totalOf(billOf({ message: 2_000_000_000 }))).toBeCloseTo(1_800, 6);
  });
});

describe('the bill of', () => {
  const [idle, rooms, hour, resumed] = billedWorkloads;

  it('silent months is that of the limits page', () => {
    const silent = { events: 'off', silences: silencesNow } as const;

    expect(totalOf(idle.bill)).toBe(idleDollars({ ...silent, connections: 10_000, place: 'alone' }));
    expect(totalOf(rooms.bill)).toBe(idleDollars({ ...silent, connections: 100_000, place: 'in a room' }));
  });

  it('a busy hour is 7.2 million deliveries, and a tenth of that for everything else', () => {
    expect(totalOf(hour.bill)).toBeGreaterThan(7.2);
    expect(totalOf(hour.bill)).toBeLessThan(9);
  });

  it('viewers that resume is mostly 463 read units and 13 replies of four messages for each', () => {
    expect(resumed.bill.get('API Gateway')).toBeCloseTo((10_000 * (2 + 12 + 52)) / 1e6, 2);
    expect(resumed.bill.get('DynamoDB')).toBeCloseTo((10_000 * (464 * 0.125 + 7 * 0.625)) / 1e6, 2);
  });
});
