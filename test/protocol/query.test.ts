import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../packages/protocol/src/errors.ts';
import { oneOf, Query } from '../../packages/protocol/src/query.ts';

describe('a query', () => {
  it('has one value for a name that is repeated with the same', () => {
    expect(new Query('a=1&a=1&b=x+y&c=').one('a')).toBe('1');
    expect(new Query('b=x+y').one('b')).toBe('x y');
    expect(new Query('c=').one('c')).toBe('');
    expect(new Query('').one('a')).toBeUndefined();
    expect(new Query('A=1').one('a')).toBeUndefined();
  });

  it.each(['a=1&a=2', 'a=&a=1', 'a=1&%61=2', 'a=1&b=1&a=2'])('has no value for %s', (text) => {
    expect(() => new Query(text).one('a')).toThrow(ProtocolError);
  });

  it('never chooses between two values, at any places', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('x', 'y', ''), { minLength: 1 }), (values) => {
        const query = new Query(values.map((value) => `a=${value}`).join('&'));
        const isOne = new Set(values).size === 1;
        if (isOne) expect(query.one('a')).toBe(values[0]);
        else expect(() => query.one('a')).toThrow(ProtocolError);
        if (!isOne) expect(() => oneOf('a', values)).toThrow(ProtocolError);
      }),
    );
  });

  it('names each parameter once, even one that every object has', () => {
    expect(new Query('__proto__=1&a=1&__proto__=2').names).toEqual(['__proto__', 'a']);
  });
});
