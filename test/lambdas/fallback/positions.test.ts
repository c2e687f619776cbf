import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePositions, printPositions } from '../../../lambdas/fallback/positions.ts';

const [A, B] = ['chat:a', 'chat:b'] as const;

describe('the positions of a stream', () => {
  it('are a bare number for one channel', () => {
    expect(printPositions(new Map([[A, 7]]), true)).toBe('7');
    expect(parsePositions('7', [A])).toEqual(new Map([[A, 7]]));
  });

  it('are a query string for several channels, even if only one has a position', () => {
    expect(printPositions(new Map([[A, 7]]), false)).toBe('chat%3Aa=7');
    expect(
      printPositions(
        new Map([
          [A, 7],
          [B, 8],
        ]),
        false,
      ),
    ).toBe('chat%3Aa=7&chat%3Ab=8');
  });

  it('come back as they were sent, for every name of a channel', () => {
    const channel = fc.stringMatching(/^open:[A-Za-z0-9_\-=@,.;:/]{1,20}$/);
    const positions = fc.uniqueArray(fc.tuple(channel, fc.maxSafeNat()), {
      selector: ([name]) => name,
      minLength: 1,
    });
    fc.assert(
      fc.property(positions, (pairs) => {
        const channels = pairs.map(([name]) => name);
        const printed = printPositions(new Map(pairs), channels.length === 1);

        expect(parsePositions(printed, channels)).toEqual(new Map(pairs));
      }),
    );
  });

  it('may be a query string for a single channel, too', () => {
    expect(parsePositions('chat%3Aa=7', [A])).toEqual(new Map([[A, 7]]));
  });

  it('are left out for channels that the stream does not have', () => {
    expect(parsePositions('chat%3Aa=7&chat%3Ab=8', [B])).toEqual(new Map([[B, 8]]));
  });

  it('are empty in the first request', () => {
    expect(parsePositions('', [A])).toEqual(new Map());
  });

  it.each([
    ['a bare number for several channels', '7', [A, B]],
    ['a bare number for none', '7', []],
    ['no number', 'chat%3Aa=x', [A]],
    ['half a number', 'chat%3Aa=7.5', [A]],
    ['a negative number', 'chat%3Aa=-7', [A]],
    ['an empty one', 'chat%3Aa=', [A]],
    ['one that is too large', '9007199254740993', [A]],
    ['words', 'nonsense', [A]],
  ])('are refused if they are %s', (_what, lastEventId, channels) => {
    expect(() => parsePositions(lastEventId, channels)).toThrow('Last-Event-ID');
  });
});
