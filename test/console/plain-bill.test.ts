import { describe, expect, it } from 'vitest';
import { billSentence, dollarsOnAws } from '../../console/plain-bill.js';

const nothing = { people: 2, sent: 0, updates: 0, received: 0 };

describe('the bill in plain words', () => {
  it('names what was sent, to how many people, and its cost in cents', () => {
    expect(billSentence({ ...nothing, sent: 14, received: 28 }, 0.000_003_1, 1)).toBe(
      'You sent 14 messages to 2 people: 0.00031 cents. A million such minutes cost $3.10.',
    );
  });

  it.each([
    [{ sent: 1 }, 'You sent 1 message to 2 people: '],
    [{ sent: 1, people: 1 }, 'You sent 1 message to 1 person: '],
    [{ updates: 1_200 }, 'You sent 1,200 short-lived updates to 2 people: '],
    [{ sent: 2, updates: 1 }, 'You sent 2 messages and 1 short-lived update to 2 people: '],
    [{ received: 9 }, '2 people got 9 messages: '],
  ])('counts %o as a person would', (doings, start) => {
    expect(billSentence({ ...nothing, ...doings }, 0.000_01, 1)).toContain(start);
  });

  it.each([
    [0, '0 cents. A million such minutes cost $0.00.'],
    [0.000_000_012_345, '0.0000012 cents. A million such minutes cost $0.01.'],
    [0.000_123_456_789, '0.012 cents. A million such minutes cost $123.'],
    [0.01, '1 cent. A million such minutes cost $10,000.'],
    [1.5, '$1.50. A million such minutes cost $1,500,000.'],
  ])('shows of %d dollars no more than two digits', (dollars, end) => {
    expect(billSentence({ ...nothing, sent: 1 }, dollars, 1)).toBe(`You sent 1 message to 2 people: ${end}`);
  });

  it('divides by the minutes that have begun', () => {
    expect(billSentence({ ...nothing, sent: 1 }, 0.000_1, 4)).toContain(
      'A million such minutes cost $25.00.',
    );
  });

  it('names no cost before anything was sent', () => {
    expect(billSentence(nothing, 0.000_1, 1)).toBe('The bill of what you do comes here.');
  });
});

describe('the sum of a bill', () => {
  const price = { price: '0.0000133334', forUnits: '1' };

  it('counts each run of a function as 20 ms, however long it took on this machine', () => {
    const slow = { ...price, times: 5, dollars: '0.9', memoryMb: 512 };

    expect(dollarsOnAws([slow])).toBeCloseTo(5 * 0.02 * 0.5 * 0.000_013_333_4, 12);
  });

  it('takes everything else as it is', () => {
    const messages = { price: '1', forUnits: '1000000', times: 3, dollars: '0.000003' };
    const minutes = { price: '0.25', forUnits: '1000000', times: 1, dollars: '0.00000025' };

    expect(dollarsOnAws([messages, minutes])).toBeCloseTo(0.000_003_25, 12);
  });
});
