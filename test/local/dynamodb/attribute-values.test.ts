import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AttributeValue,
  itemSize,
  sameItem,
} from '../../../packages/local/src/dynamodb/attribute-values.ts';

describe('an attribute of another form than its type', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'abc'],
    ['a number', 7],
  ])('has no elements as a map or a list: %s', (_what, value) => {
    for (const type of ['M', 'L'])
      expect(itemSize({ value: { [type]: value } })).toBe(itemSize({ value: { [type]: [] } }));
  });
});

describe('two items', () => {
  it.each<[string, AttributeValue, AttributeValue, boolean]>([
    ['the same text', { S: 'a' }, { S: 'a' }, true],
    ['another text', { S: 'a' }, { S: 'b' }, false],
    ['a text and a number', { S: '1' }, { N: '1' }, false],
    ['a set in another order', { SS: ['a', 'b'] }, { SS: ['b', 'a'] }, true],
    ['a smaller set', { NS: ['1', '2'] }, { NS: ['1'] }, false],
    ['a list in another order', { L: [{ S: 'a' }, { S: 'b' }] }, { L: [{ S: 'b' }, { S: 'a' }] }, false],
    ['a set in a map', { M: { x: { SS: ['a', 'b'] } } }, { M: { x: { SS: ['b', 'a'] } } }, true],
    [
      'a map in another order',
      { M: { a: { S: '' }, b: { S: '' } } },
      { M: { b: { S: '' }, a: { S: '' } } },
      true,
    ],
  ])('with %s', (_what, one, other, same) => {
    expect(sameItem({ value: one }, { value: other })).toBe(same);
  });

  it('are different when one has an attribute more', () => {
    expect(sameItem({ a: { S: '' } }, { a: { S: '' }, b: { S: '' } })).toBe(false);
  });

  it('are equal in any order of their attributes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.record({ S: fc.string() })), (item) => {
        const reversed = Object.fromEntries(Object.entries(item).reverse());
        expect(sameItem(item, reversed)).toBe(true);
      }),
    );
  });
});

describe('the size of an item', () => {
  it.each<[string, AttributeValue, number]>([
    ['a text is its bytes', { S: 'é' }, 2],
    ['a number is a byte for two digits, and one', { N: '101' }, 3],
    ['zeros at either end of a number are free', { N: '-0.0120' }, 2],
    ['binary is what it was before Base64', { B: 'AAAA' }, 3],
    ['a truth is a byte', { BOOL: true }, 1],
    ['nothing is a byte', { NULL: true }, 1],
    ['a set is the sum of its elements', { SS: ['a', 'bc'] }, 3],
    ['a set of numbers is the sum of their sizes', { NS: ['1', '101'] }, 5],
    ['a set of binaries is the sum of what they were before Base64', { BS: ['AAAA', 'AA=='] }, 4],
    ['a list is three bytes, and one for each element', { L: [{ S: 'a' }, { S: 'b' }] }, 7],
    ['a map has names, too', { M: { ab: { S: 'c' } } }, 7],
  ])('%s', (_what, value, bytes) => {
    expect(itemSize({ name: value })).toBe('name'.length + bytes);
  });
});
