import { describe, expect, it } from 'vitest';
import { dollarText } from '../../../packages/local/src/bill/money.ts';
import { pricePerPart, prices } from '../../../packages/local/src/bill/prices.ts';

describe('prices', () => {
  it.each(Object.entries(prices))(
    'the price of a part of %s is a whole number, and has a source',
    (_name, price) => {
      expect(pricePerPart(price)).toBeGreaterThan(0n);
      expect(price.source).toMatch(/^https:\/\/aws\.amazon\.com\//);
    },
  );

  it('a megabyte for a millisecond is a 1,024,000th of a GB-second (PX-6)', () => {
    expect(dollarText(pricePerPart(prices.lambdaTimeX86) * 1_024_000n)).toBe('0.0000166667');
    expect(dollarText(pricePerPart(prices.lambdaTimeArm) * 1_024_000n)).toBe('0.0000133334');
  });

  it('a price that is not a whole number of parts is refused', () => {
    expect(() => pricePerPart({ ...prices.message, partsPerUnit: 3n })).toThrow('without a rest');
  });
});
