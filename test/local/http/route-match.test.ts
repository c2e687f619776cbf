import { describe, expect, it } from 'vitest';
import { matchRoute } from '../../../packages/local/src/http/route-match.ts';
import { routeKey } from '../../../packages/local/src/template/http-route-key.ts';

/** The key that is chosen among these, and the values that it binds. */
function chosen(keys: readonly string[], method: string, path: string) {
  const routes = keys.map((key) => ({ key: routeKey(key) }));
  const match = matchRoute(routes, method, path);
  return match && [match.route.key.text, match.pathParameters];
}

/** The example of AWS's documentation, here in the opposite order. */
const documented = [
  '$default',
  'ANY /{proxy+}',
  'GET /pets/{proxy+}',
  'GET /pets/dog/{id}',
  'GET /pets/dog/1',
];

describe('matchRoute', () => {
  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
    ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
    ['GET', '/', '$default', {}],
  ])('chooses the route that AWS documents: %s %s', (method, path, key, parameters) => {
    expect(chosen(documented, method, path)).toEqual([key, parameters]);
  });

  it.each([
    ['a full match by ANY before a greedy one', '/a/b', ['GET /a/{p+}', 'ANY /a/{b}'], 'ANY /a/{b}'],
    ['a literal before a variable', '/a', ['GET /{a}', 'GET /a'], 'GET /a'],
    ['the first literal from the left', '/a/b', ['GET /{a}/b', 'GET /a/{b}'], 'GET /a/{b}'],
    ['the longer way to a greedy variable', '/a/b', ['GET /{p+}', 'GET /a/{p+}'], 'GET /a/{p+}'],
    ['a method of its own before ANY', '/a/b', ['ANY /a/b', 'GET /a/b'], 'GET /a/b'],
    ['a literal by ANY before a variable', '/a/b', ['GET /a/{b}', 'ANY /a/b'], 'ANY /a/b'],
    ['anything before $default', '/a', ['$default', 'ANY /{p+}'], 'ANY /{p+}'],
  ])('prefers %s, in any order of the routes', (_what, path, keys, key) => {
    const orders = [keys, [...keys].reverse()];

    expect(orders.map((order) => chosen(order, 'GET', path)?.[0])).toEqual([key, key]);
  });

  it.each([
    ['another method', 'POST', '/a'],
    ['another path', 'GET', '/b'],
    ['the case of a letter', 'GET', '/A'],
    ['a slash at the end', 'GET', '/a/'],
    ['a longer path', 'GET', '/a/b'],
    ['a shorter path', 'GET', '/'],
  ])('does not take GET /a for %s', (_what, method, path) => {
    expect(chosen(['GET /a'], method, path)).toBeUndefined();
  });

  it.each([
    ['GET /a/{b}', '/a/'],
    ['GET /a/{b+}', '/a'],
    ['GET /a/{b+}', '/a/'],
    ['GET /{a}/b', '//b'],
    ['GET /{a+}', '/'],
  ])('binds no empty text: %s is not %s', (key, path) => {
    expect(chosen([key], 'GET', path)).toBeUndefined();
  });

  it.each([
    ['GET /{a}', '/x%20y%2Bz', { a: 'x y+z' }],
    ['GET /{a}/c', '/a%2Fb/c', { a: 'a/b' }],
    ['GET /{a}', '/100%', { a: '100%' }],
    ['GET /{a+}', '/x%20y/z/', { a: 'x y/z/' }],
    ['GET /{a}/{b}', '/__proto__/constructor', { a: '__proto__', b: 'constructor' }],
  ])('decodes the values that %s binds in %s', (key, path, parameters) => {
    expect(chosen([key], 'GET', path)?.[1]).toEqual(parameters);
  });

  it('finds a literal that the client has encoded', () => {
    expect(chosen(['GET /a:b'], 'GET', '/a%3Ab')?.[0]).toBe('GET /a:b');
  });

  it('finds nothing among no routes', () => {
    expect(chosen([], 'GET', '/')).toBeUndefined();
  });
});
