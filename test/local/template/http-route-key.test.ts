import { describe, expect, it } from 'vitest';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { routeKey } from '../../../packages/local/src/template/http-route-key.ts';

describe('routeKey', () => {
  it.each([
    ['GET /', 'GET', [{ kind: 'literal', text: '' }]],
    [
      'ANY /a/{b}/{c+}',
      'ANY',
      [
        { kind: 'literal', text: 'a' },
        { kind: 'variable', name: 'b' },
        { kind: 'greedy', name: 'c' },
      ],
    ],
    [
      'POST /a{b}/',
      'POST',
      [
        { kind: 'literal', text: 'a{b}' },
        { kind: 'literal', text: '' },
      ],
    ],
  ])('reads %s', (text, method, segments) => {
    expect(routeKey(text)).toEqual({ text, pattern: { method, segments } });
  });

  it('reads $default, which has no pattern', () => {
    expect(routeKey('$default')).toEqual({ text: '$default', pattern: undefined });
  });

  it.each(['', 'GET', 'get /', 'GET a', '/a', '$connect', 'GET /a b', 'TRACE /'])('refuses %j', (text) => {
    expect(() => routeKey(text)).toThrow(new StartError(`${text} is no key of a route.`));
  });

  it('refuses a greedy variable that is not the last', () => {
    expect(() => routeKey('GET /{a+}/b')).toThrow(
      new StartError('A greedy variable has to be the last of its path, unlike that of GET /{a+}/b.'),
    );
  });
});
