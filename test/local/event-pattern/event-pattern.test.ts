import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventPattern } from '../../../local/event-pattern/event-pattern.ts';
import { StartError } from '../../../local/start-error.ts';

const matches = (pattern: unknown, event: unknown) => eventPattern(pattern, 'Rule')(event);

describe('an event pattern', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['one of the values', { a: ['x', 'y'] }, { a: 'y' }, true],
    ['none of them', { a: ['x', 'y'] }, { a: 'z' }, false],
    ['a value that is not there', { a: ['x'] }, {}, false],
    ['a number, which is no text', { a: [1] }, { a: '1' }, false],
    ['null', { a: [null] }, { a: null }, true],
    ['null, which is not nothing', { a: [null] }, {}, false],
    ['false', { a: [false] }, { a: false }, true],
    ['the empty text', { a: [''] }, { a: '' }, true],
    ['every field', { a: ['x'], b: ['y'] }, { a: 'x', b: 'y' }, true],
    ['a field that fails', { a: ['x'], b: ['y'] }, { a: 'x', b: 'z' }, false],
    ['more than it asks for', { a: ['x'] }, { a: 'x', b: 'y' }, true],
    ['a field within a field', { a: { b: ['x'] } }, { a: { b: 'x' } }, true],
    ['a field that has none within', { a: { b: ['x'] } }, { a: 'x' }, false],
    ['an element of a list', { a: ['x'] }, { a: ['w', 'x'] }, true],
    ['an element of a list with fields', { a: { b: ['x'], c: ['y'] } }, { a: [{ b: 'x', c: 'y' }] }, true],
    ['fields of two elements', { a: { b: ['x'], c: ['y'] } }, { a: [{ b: 'x' }, { c: 'y' }] }, false],
    ['a name of every object', { constructor: ['x'] }, {}, false],
    ['one alternative', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, true],
    ['no alternative', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { a: 'y', b: 'x' }, false],
    ['an alternative and a field', { c: ['z'], $or: [{ a: ['x'] }] }, { a: 'x' }, false],
    ['an event that is no object', { a: ['x'] }, 'x', false],
  ])('looks at %s', (_what, pattern, event, result) => {
    expect(matches(pattern, event)).toBe(result);
  });

  it.each<[unknown, unknown, boolean]>([
    [{ prefix: 'us-' }, 'us-east-1', true],
    [{ prefix: 'us-' }, 'eu-us-', false],
    [{ prefix: '1' }, 1, false],
    [{ suffix: '.png' }, 'a.png', true],
    [{ suffix: '.png' }, 'a.png.jpg', false],
    [{ 'equals-ignore-case': 'Ann' }, 'aNN', true],
    [{ 'equals-ignore-case': 'Ann' }, 'anna', false],
    [{ 'anything-but': 'x' }, 'y', true],
    [{ 'anything-but': 'x' }, 'x', false],
    [{ 'anything-but': ['x', 1] }, 1, false],
    [{ 'anything-but': ['x', 1] }, '1', true],
    [{ 'anything-but': { prefix: 'us-' } }, 'eu-1', true],
    [{ 'anything-but': { prefix: 'us-' } }, 'us-1', false],
    [{ 'anything-but': { suffix: 's' } }, 'us', false],
    [{ numeric: ['>', 0] }, 1, true],
    [{ numeric: ['>', 0] }, 0, false],
    [{ numeric: ['>', 0] }, '1', false],
    [{ numeric: ['>', 0, '<=', 5] }, 5, true],
    [{ numeric: ['>', 0, '<=', 5] }, 6, false],
    [{ numeric: ['=', 5] }, 5, true],
    [{ exists: true }, 'x', true],
    [{ exists: true }, [], false],
    [{ exists: true }, { b: 1 }, false],
    [{ exists: false }, null, false],
  ])('compares by %j with %j: %s', (wanted, value, result) => {
    expect(matches({ a: [wanted] }, { a: value })).toBe(result);
  });

  it('knows what is not there, at any depth', () => {
    expect(matches({ a: [{ exists: false }] }, {})).toBe(true);
    expect(matches({ a: { b: [{ exists: false }] } }, {})).toBe(true);
    expect(matches({ a: [{ exists: true }] }, {})).toBe(false);
    expect(matches({ a: [{ 'anything-but': 'x' }] }, {})).toBe(false);
  });

  it('takes a value or its absence', () => {
    const pattern = { a: ['x', { exists: false }] };

    expect([{ a: 'x' }, {}, { a: 'y' }].map((event) => matches(pattern, event))).toEqual([true, true, false]);
  });

  it.each<[unknown, string]>([
    [{ a: [{ wildcard: '*' }] }, 'The local runtime does not know the operator wildcard of Rule.'],
    [{ a: [{ cidr: '10.0.0.0/8' }] }, 'The local runtime does not know the operator cidr of Rule.'],
    [
      { a: [{ prefix: { 'equals-ignore-case': 'x' } }] },
      'The local runtime does not know what prefix of Rule is to be compared with: {"equals-ignore-case":"x"}.',
    ],
    [
      { a: [{ 'anything-but': { wildcard: 'x' } }] },
      'The local runtime does not know what anything-but of Rule is to be compared with: {"wildcard":"x"}.',
    ],
    [
      { a: [{ numeric: ['!', 5] }] },
      'The local runtime does not know what numeric of Rule is to be compared with: ["!",5].',
    ],
    [
      { a: [{ prefix: 'x', suffix: 'y' }] },
      'The event pattern of Rule has {"prefix":"x","suffix":"y"}, which is neither a value nor one operator.',
    ],
    [{ a: [['x']] }, 'The event pattern of Rule has ["x"], which is neither a value nor one operator.'],
    [{ a: 'x' }, 'The event pattern of Rule has "x" in place of fields.'],
    [{}, 'The event pattern of Rule has {} in place of fields.'],
    [{ a: [] }, 'The event pattern of Rule wants nothing of a.'],
  ])('is refused at once: %j', (pattern, sentence) => {
    expect(() => eventPattern(pattern, 'Rule')).toThrow(new StartError(sentence));
  });

  it('made of the leaves of an event matches it, and no event in which one of them is another', () => {
    const events = fc.dictionary(
      fc.string({ minLength: 1 }),
      fc.oneof(fc.string(), fc.integer(), fc.boolean()),
      {
        minKeys: 1,
      },
    );
    fc.assert(
      fc.property(events, (event) => {
        fc.pre(!Object.hasOwn(event, '$or'));
        const pattern = Object.fromEntries(Object.entries(event).map(([name, value]) => [name, [value]]));
        const [first = ''] = Object.keys(event);
        expect(matches(pattern, event)).toBe(true);
        expect(matches(pattern, { ...event, [first]: `not ${event[first]}` })).toBe(false);
      }),
    );
  });
});
