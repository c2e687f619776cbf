import { describe, expect, it } from 'vitest';
import { dollarText, ratioText, yoctodollars } from '../../../packages/local/src/bill/money.ts';

describe('money', () => {
  it('keeps a decimal to the last digit, and prints it again', () => {
    for (const dollars of ['0', '1', '0.25', '0.0000166667', '12.000000000000000000000001'])
      expect(dollarText(yoctodollars(dollars))).toBe(dollars);
  });

  it('refuses a decimal that is finer than its smallest part', () => {
    expect(() => yoctodollars(`0.${'1'.repeat(25)}`)).toThrow('24 digits');
  });

  it('adds up exactly where floating point does not', () => {
    const [one, two] = [yoctodollars('0.1'), yoctodollars('0.2')];

    expect(dollarText(one + two)).toBe('0.3');
    expect(0.1 + 0.2).not.toBe(0.3);
  });

  it('shows a fraction with all its digits', () => {
    expect(ratioText(1n, 1_024_000n)).toBe('0.0000009765625');
    expect(ratioText(3n, 2n)).toBe('1.5');
    expect(ratioText(4n, 2n)).toBe('2');
  });
});
