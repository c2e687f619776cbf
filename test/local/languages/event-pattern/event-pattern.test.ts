import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventPattern } from '../../../../packages/local/src/languages/event-pattern/event-pattern.ts';
import { StartError } from '../../../../packages/local/src/start-error.ts';

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
    ['one alternative below a field', { a: { $or: [{ b: ['x'] }, { c: ['y'] }] } }, { a: { c: 'y' } }, true],
    ['an alternative and a field', { c: ['z'], $or: [{ a: ['x'] }] }, { a: 'x' }, false],
    ['an event that is no object', { a: ['x'] }, 'x', false],
  ])('reads %s', (_what, pattern, event, result) => {
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
    [{ 'anything-but': [2, 1] }, 1, false],
    [{ 'anything-but': [2, 1] }, '1', true],
    [{ 'anything-but': ['x', 'y'] }, 'y', false],
    [{ 'anything-but': ['x', 'y'] }, 'z', true],
    [{ 'anything-but': { prefix: 'us-' } }, 'eu-1', true],
    [{ 'anything-but': { prefix: 'us-' } }, 'us-1', false],
    [{ 'anything-but': { suffix: 's' } }, 'us', false],
    [{ 'anything-but': { prefix: ['us-', 'ca-'] } }, 'ca-1', false],
    [{ 'anything-but': { prefix: ['us-', 'ca-'] } }, 'eu-1', true],
    [{ 'anything-but': { 'equals-ignore-case': 'Ann' } }, 'ANN', false],
    [{ 'anything-but': { 'equals-ignore-case': ['Ann', 'Bob'] } }, 'Cid', true],
    [{ 'anything-but': { wildcard: '*/lib/*' } }, '/a/lib/b', false],
    [{ 'anything-but': { wildcard: '*/lib/*' } }, '/a/b', true],
    [{ prefix: { 'equals-ignore-case': 'EventB' } }, 'EVENTBridge', true],
    [{ prefix: { 'equals-ignore-case': 'EventB' } }, 'Bridge', false],
    [{ suffix: { 'equals-ignore-case': '.png' } }, 'a.PNG', true],
    [{ wildcard: 'dir/*.png' }, 'dir/a.png', true],
    [{ wildcard: 'dir/*.png' }, 'dir/axpng', false],
    [{ wildcard: 'dir/*.png' }, 'a/dir/b.png', false],
    [{ wildcard: 'a\\*b' }, 'a*b', true],
    [{ wildcard: 'a\\*b' }, 'axb', false],
    [{ cidr: '10.0.0.0/24' }, '10.0.0.255', true],
    [{ cidr: '10.0.0.0/24' }, '10.0.1.0', false],
    [{ cidr: '2001:db8::/32' }, '2001:db8::1', true],
    [{ cidr: '10.0.0.0/24' }, 'not an address', false],
    [{ numeric: ['>', 0] }, 1, true],
    [{ numeric: ['>', 0] }, 0, false],
    [{ numeric: ['>', 0] }, '1', false],
    [{ numeric: ['>', 0, '<=', 5] }, 5, true],
    [{ numeric: ['>', 0, '<=', 5] }, 6, false],
    [{ numeric: ['=', 5] }, 5, true],
    [{ numeric: ['=', 5] }, 6, false],
    [{ numeric: ['<', 5] }, 4, true],
    [{ numeric: ['<', 5] }, 5, false],
    [{ numeric: ['<=', 5] }, 5, true],
    [{ numeric: ['<=', 5] }, 5.1, false],
    [{ numeric: ['>=', 5] }, 5, true],
    [{ numeric: ['>=', 5] }, 4.9, false],
    [{ numeric: ['>', 5] }, 5, false],
    [{ numeric: ['>=', 0, '<', 5] }, 5, false],
    [{ numeric: ['>=', 0, '<', 5] }, 0, true],
    [{ exists: true }, 'x', true],
    [{ exists: true }, [], false],
    [{ exists: true }, { b: 1 }, false],
    [{ exists: false }, null, false],
  ])('with %j compares %j: %s', (wanted, value, result) => {
    expect(matches({ a: [wanted] }, { a: value })).toBe(result);
  });

  it('finds absent members, at any depth', () => {
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
    [
      { a: [{ contains: 'x' }] },
      'The event patterns of EventBridge do not know the operator contains of Rule.',
    ],
    [
      { a: [{ prefix: { suffix: 'x' } }] },
      'The event patterns of EventBridge do not know what prefix of Rule is to be compared with: {"suffix":"x"}.',
    ],
    [
      { a: [{ 'anything-but': { numeric: ['>', 1] } }] },
      'The event patterns of EventBridge do not know what anything-but of Rule is to be compared with: {"numeric":[">",1]}.',
    ],
    [
      { a: [{ 'anything-but': ['x', 1] }] },
      'The event patterns of EventBridge do not know what anything-but of Rule is to be compared with: ["x",1].',
    ],
    [
      { a: [{ cidr: '10.0.0.0/33' }] },
      'The event patterns of EventBridge do not know what cidr of Rule is to be compared with: "10.0.0.0/33".',
    ],
    [
      { a: [{ wildcard: 'a**b' }] },
      'The event patterns of EventBridge do not know what wildcard of Rule is to be compared with: "a**b".',
    ],
    [
      { a: [{ exists: 'yes' }] },
      'The event patterns of EventBridge do not know what exists of Rule is to be compared with: "yes".',
    ],
    [
      { a: [{ numeric: ['!', 5] }] },
      'The event patterns of EventBridge do not know what numeric of Rule is to be compared with: ["!",5].',
    ],
    [
      { a: [{ prefix: 'x', suffix: 'y' }] },
      'The event pattern of Rule has {"prefix":"x","suffix":"y"}, which is neither a value nor one operator.',
    ],
    [{ a: [['x']] }, 'The event pattern of Rule has ["x"], which is neither a value nor one operator.'],
    [{ a: 'x' }, 'The event pattern of Rule has "x" in place of fields.'],
    [{}, 'The event pattern of Rule has {} in place of fields.'],
    [{ a: [] }, 'The event pattern of Rule wants nothing of a.'],
  ])('is refused when it is read: %j', (pattern, sentence) => {
    expect(() => eventPattern(pattern, 'Rule')).toThrow(new StartError(sentence));
  });

  it('made of the leaves of an event matches the event, and no event with another leaf', () => {
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
