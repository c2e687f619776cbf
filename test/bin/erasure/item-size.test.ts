import { describe, expect, it } from 'vitest';
import { writeUnitsOf } from '../../../bin/erasure/item-size.ts';

/** With the two bytes of its name. */
const item = (bytes: number) => ({ id: { S: 'x'.repeat(bytes - 2) } });

describe('the write units of an item', () => {
  it.each([
    [item(1_024), 1],
    [item(1_025), 2],
    [{ ...item(1_015), n: { N: '12345678' }, b: { BOOL: true } }, 1],
    [{ ...item(1_017), n: { N: '12345678' }, b: { BOOL: true } }, 2],
    [{ b: { B: new Uint8Array(2_047) } }, 2],
    [{ m: { M: { a: { L: [item(1_018).id] } } } }, 2],
  ])('are one for each kilobyte', (one, units) => {
    expect(writeUnitsOf(one)).toBe(units);
  });
});
