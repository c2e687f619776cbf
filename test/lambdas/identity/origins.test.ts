import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { isAllowedOrigin, isHiddenCrossSite, origins } from '../../../lambdas/identity/origins.ts';
import { tries } from '../../running/counts.ts';

const APP = 'https://app.example.com';
const BELOW = 'https://*.example.com';
const LOCAL = 'http://localhost:*';

describe('the pages that may connect', () => {
  it.each([
    [APP, APP],
    ['https://app.example.com:8443', 'https://app.example.com:8443'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['https://xn--mnchen-3ya.example', 'https://xn--mnchen-3ya.example'],
    ['null', 'null'],
    [BELOW, 'https://app.example.com'],
    [BELOW, 'https://a.b-c.example.com'],
    [BELOW, 'https://evil.com.example.com'],
    ['https://*.example.com:8443', 'https://app.example.com:8443'],
    ['https://*.example.com:*', 'https://app.example.com:8443'],
    [LOCAL, 'http://localhost'],
    [LOCAL, 'http://localhost:1'],
    [LOCAL, 'http://localhost:65535'],
  ])('by the rule %s are those of %s', (rule, origin) => {
    expect(v.is(origins, [rule])).toBe(true);
    expect(isAllowedOrigin([rule], origin)).toBe(true);
  });

  it.each([
    // Another host.
    [APP, 'https://example.com'],
    [APP, 'https://evil.com'],
    [APP, 'https://app.example.com.evil.com'],
    [APP, 'https://evil-app.example.com'],
    [APP, 'https://appxexample.com'],
    [APP, 'https://sub.app.example.com'],
    // Another scheme or port.
    [APP, 'http://app.example.com'],
    [APP, 'wss://app.example.com'],
    [APP, 'https://app.example.com:8443'],
    ['https://app.example.com:8443', APP],
    ['https://app.example.com:8443', 'https://app.example.com:84433'],
    [LOCAL, 'https://localhost:3000'],
    [LOCAL, 'http://localhost.evil.com:3000'],
    [LOCAL, 'http://localhost:3000.evil.com'],
    [LOCAL, 'http://localhost:evil'],
    [LOCAL, 'http://evil-localhost:3000'],
    [LOCAL, 'http://127.0.0.1:3000'],
    // Neither the domain itself nor a name that only looks like it is below the domain.
    [BELOW, 'https://example.com'],
    [BELOW, 'https://.example.com'],
    [BELOW, 'https://evil-example.com'],
    [BELOW, 'https://evilexample.com'],
    [BELOW, 'https://example.com.evil.com'],
    [BELOW, 'https://app.example.com.evil.com'],
    [BELOW, 'http://app.example.com'],
    [BELOW, 'https://app.example.com:8443'],
    ['https://*.example.com:8443', 'https://app.example.com'],
    // A browser would not write these.
    [APP, 'https://app.example.com/'],
    [APP, 'https://app.example.com/path'],
    [APP, 'https://app.example.com@evil.com'],
    [APP, 'https://app.example.com:x@evil.com'],
    [APP, 'https://evil.com@app.example.com'],
    [APP, 'HTTPS://APP.EXAMPLE.COM'],
    [APP, 'https://App.Example.com'],
    [APP, ' https://app.example.com'],
    [APP, 'https://app.example.com, https://evil.com'],
    [BELOW, 'https://evil.com/.example.com'],
    [BELOW, 'https://evil.com\\.example.com'],
    [BELOW, 'https://evil.com?.example.com'],
    [BELOW, 'https://evil.com#.example.com'],
    [BELOW, 'https://evil.com@app.example.com'],
    [BELOW, 'https://evil.com\n.example.com'],
    [BELOW, 'https://app.EXAMPLE.com'],
    [APP, ''],
    // No page in particular: a sandbox, a file, a redirect.
    [APP, 'null'],
    [BELOW, 'null'],
    [LOCAL, 'null'],
    ['null', APP],
    ['null', 'nullnull'],
  ])('by the rule %s are not those of %j', (rule, origin) => {
    expect(isAllowedOrigin([rule], origin)).toBe(false);
  });

  it('are those of any of the rules', () => {
    expect(isAllowedOrigin([APP, LOCAL], 'http://localhost:3000')).toBe(true);
    expect(isAllowedOrigin([APP, LOCAL], 'https://evil.com')).toBe(false);
  });

  it('are refused if the stage has no rule, and requests without an origin are allowed', () => {
    expect(isAllowedOrigin([], APP)).toBe(false);
    expect(isAllowedOrigin([], 'null')).toBe(false);
    expect(isAllowedOrigin([], undefined)).toBe(true);
  });

  it('are only pages that a browser would read as below the domain, for every other text', () => {
    const part = fc.constantFrom(
      'https:',
      'http:',
      '/',
      '//',
      '\\',
      '@',
      ':',
      '.',
      '#',
      '?',
      'evil.com',
      'app',
      '.example.com',
    );
    const sent = fc.array(part, { minLength: 2, maxLength: 6 }).map((parts) => parts.join(''));

    fc.assert(
      fc.property(
        fc.oneof(
          sent,
          sent.map((text) => `https://${text}`),
        ),
        (origin) => {
          fc.pre(isAllowedOrigin([BELOW], origin));
          const { protocol, hostname, port, username } = new URL(origin);

          expect([protocol, port, username]).toEqual(['https:', '', '']);
          expect(hostname).toMatch(/.\.example\.com$/);
        },
      ),
      { numRuns: tries({ short: 75, long: 300 }), maxSkipsPerRun: 1_000 },
    );
  });
});

describe('a rule', () => {
  it.each([
    '*',
    'https://*',
    'https://*:*',
    'https://*.',
    '*.example.com',
    'app.example.com',
    '//app.example.com',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://app.*.com',
    'https://*app.example.com',
    'https://*.*.example.com',
    'https://App.example.com',
    'https://app.example.com:',
    'https://app.example.com:port',
    'https://app.example.com:123456',
    'https://user@app.example.com',
    'https://app..example.com',
    'https://.example.com',
    'https://-app.example.com',
    'https://app.example.com\n',
    'wss://app.example.com',
    'file://',
    'https://',
    'NULL',
    '',
  ])('is not %j', (rule) => {
    expect(v.is(origins, [rule])).toBe(false);
    expect(v.is(origins, [APP, rule])).toBe(false);
  });
});

describe('a request that does not say which page asked', () => {
  it.each([undefined, 'same-origin', 'none'])('is not of another site for Sec-Fetch-Site %s', (fetchSite) => {
    expect(isHiddenCrossSite({ origin: undefined, fetchSite })).toBe(false);
  });

  it.each(['cross-site', 'same-site', 'cross-site, none', 'None', '', 'what comes next year'])(
    'is of another site for Sec-Fetch-Site %j unless it has an origin',
    (fetchSite) => {
      expect(isHiddenCrossSite({ origin: undefined, fetchSite })).toBe(true);
      expect(isHiddenCrossSite({ origin: APP, fetchSite })).toBe(false);
    },
  );
});
