import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostRefusal } from '../../../packages/local/src/guard/host.ts';

const NAMES = new Set(['api.execute-api.us-east-1.amazonaws.com']);

const isRefused = (...hosts: readonly string[]) =>
  hostRefusal({ url: '/x', rawHeaders: hosts.flatMap((host) => ['Host', host]) }, NAMES) !== undefined;

describe('the host of a request', () => {
  it.each([
    'localhost',
    '127.0.0.1:1',
    '[::1]:65535',
    'LocalHost:80',
    'API.execute-api.us-east-1.amazonaws.com',
  ])('is this machine: %s', (host) => {
    expect(isRefused(host)).toBe(false);
  });

  it.each([
    'other.execute-api.us-east-1.amazonaws.com',
    'api.execute-api.us-east-1.amazonaws.com.evil.example',
  ])('is not a deployed API that another port serves: %s', (host) => {
    expect(isRefused(host)).toBe(true);
  });

  it('is no other text', () => {
    const others = fc
      .oneof(
        fc.string(),
        fc.domain(),
        fc.ipV4(),
        fc.ipV6().map((address) => `[${address}]`),
      )
      .filter(
        (text) =>
          !/^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(text) && !NAMES.has(text.toLowerCase()),
      );

    fc.assert(fc.property(others, (host) => isRefused(host)));
  });

  it.each(['http://localhost/x', 'localhost:80', '*', '', 'ftp://x'])(
    'may not be in the request line: %s',
    (url) => {
      expect(hostRefusal({ url, rawHeaders: ['Host', 'localhost'] }, NAMES)).toContain('request line');
    },
  );
});
