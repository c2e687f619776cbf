import { describe, expect, it } from 'vitest';
import {
  eventFilter,
  eventFilters,
} from '../../../../packages/local/src/languages/event-pattern/event-filter.ts';
import { StartError } from '../../../../packages/local/src/start-error.ts';

const matches = (pattern: object, record: unknown) => eventFilter(JSON.stringify(pattern), 'Mapping')(record);

describe('an event filter of Lambda', () => {
  /** The operators of Lambda's page on event filtering, in its order. */
  it.each<[string, object, unknown, unknown]>([
    ['null', { a: [null] }, { a: null }, { a: '' }],
    ['empty', { a: [''] }, { a: '' }, { a: null }],
    ['equals', { a: ['Alice'] }, { a: 'Alice' }, { a: 'alice' }],
    ['equals, ignoring case', { a: [{ 'equals-ignore-case': 'alice' }] }, { a: 'ALICE' }, { a: 'alices' }],
    ['and', { a: ['x'], b: ['y'] }, { a: 'x', b: 'y' }, { a: 'x', b: 'z' }],
    ['or', { a: ['x', 'y'] }, { a: 'y' }, { a: 'z' }],
    ['or of several fields', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, { b: 'x' }],
    ['not', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'z' }, { a: 'y' }],
    ['a number', { a: [{ numeric: ['=', 100] }] }, { a: 100 }, { a: 101 }],
    ['a range that ends with its bound', { a: [{ numeric: ['>', 10, '<=', 20] }] }, { a: 20 }, { a: 10 }],
    ['a range that ends below its bound', { a: [{ numeric: ['>=', 10, '<', 20] }] }, { a: 10 }, { a: 20 }],
    ['exists', { a: [{ exists: true }] }, { a: 'x' }, {}],
    ['does not exist', { a: [{ exists: false }] }, {}, { a: 'x' }],
    ['begins with', { a: [{ prefix: 'us-' }] }, { a: 'us-1' }, { a: 'eu-us-' }],
    ['ends with', { a: [{ suffix: '.png' }] }, { a: 'a.png' }, { a: 'a.png.zip' }],
    ['a Boolean', { a: { BOOL: [true] } }, { a: { BOOL: true } }, { a: { BOOL: false } }],
  ])('knows %s', (_what, pattern, wanted, unwanted) => {
    expect(matches(pattern, wanted)).toBe(true);
    expect(matches(pattern, unwanted)).toBe(false);
  });

  it.each<[object, string]>([
    [
      { a: [{ 'anything-but': { prefix: '@all#' } }] },
      'The event filters of Lambda do not know what anything-but of Mapping is to be compared with: {"prefix":"@all#"}.',
    ],
    [
      { a: [{ 'anything-but': { suffix: 'x' } }] },
      'The event filters of Lambda do not know what anything-but of Mapping is to be compared with: {"suffix":"x"}.',
    ],
    [
      { a: [{ 'anything-but': 'x' }] },
      'The event filters of Lambda do not know what anything-but of Mapping is to be compared with: "x".',
    ],
    [
      { a: [{ prefix: { 'equals-ignore-case': 'x' } }] },
      'The event filters of Lambda do not know what prefix of Mapping is to be compared with: {"equals-ignore-case":"x"}.',
    ],
    [
      { a: [{ wildcard: 'x*' }] },
      'The event filters of Lambda do not know the operator wildcard of Mapping.',
    ],
    [
      { a: [{ cidr: '10.0.0.0/8' }] },
      'The event filters of Lambda do not know the operator cidr of Mapping.',
    ],
    [
      { dynamodb: { $or: [{ NewImage: { a: { S: ['x'] } } }, { OldImage: { a: { S: ['x'] } } }] } },
      'The event filters of Lambda know $or only at the top of a pattern, and Mapping has it below dynamodb.',
    ],
    [
      { $or: [{ $or: [{ a: ['x'] }] }] },
      'The event filters of Lambda know $or only at the top of a pattern, and Mapping has it below $or.',
    ],
  ])('refuses %j, which EventBridge has', (pattern, sentence) => {
    expect(() => matches(pattern, {})).toThrow(new StartError(sentence));
  });

  it('has at most 4,096 characters', () => {
    const ofLength = (length: number) => JSON.stringify({ a: ['x'.repeat(length - '{"a":[""]}'.length)] });

    expect(eventFilter(ofLength(4096), 'Mapping')({ a: 'x' })).toBe(false);
    expect(() => eventFilter(ofLength(4097), 'Mapping')).toThrow(
      new StartError('A filter of Mapping has 4097 characters; Lambda takes 4096.'),
    );
  });

  it('has to be JSON', () => {
    expect(() => eventFilter('{', 'Mapping')).toThrow(new StartError('A filter of Mapping is no JSON.'));
  });
});

describe('the event filters of a mapping', () => {
  it('take a record that one of them takes, and every record if a mapping has no filter', () => {
    const wants = eventFilters(['{"a":["x"]}', '{"b":["y"]}'], 'Mapping');

    expect([{ a: 'x' }, { b: 'y' }, { a: 'y' }].map(wants)).toEqual([true, true, false]);
    expect(eventFilters([], 'Mapping')({})).toBe(true);
  });

  it('are at most ten, which is the raised quota of AWS', () => {
    const filters = (count: number) => Array<string>(count).fill('{"a":["x"]}');

    expect(eventFilters(filters(10), 'Mapping')({ a: 'x' })).toBe(true);
    expect(() => eventFilters(filters(11), 'Mapping')).toThrow(
      new StartError('Mapping has 11 filters; Lambda takes 5, with a raised quota 10.'),
    );
  });
});
