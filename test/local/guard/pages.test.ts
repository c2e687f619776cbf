import { describe, expect, it } from 'vitest';
import { type Door, OF_THIS_MACHINE_ONLY, pageRefusal } from '../../../packages/local/src/guard/pages.ts';

const host = 'localhost:8080';
const OWN = `http://${host}`;
const NAMED = 'https://app.example';

const doors = {
  program: 'program',
  signed: 'signed',
  page: 'page',
  app: OF_THIS_MACHINE_ONLY,
  'app that names an origin': { admits: (origin) => origin === NAMED },
  'app for all': { admits: () => true },
} as const satisfies Record<string, Door>;

type Name = keyof typeof doors;
const EVERY: readonly Name[] = [
  'program',
  'signed',
  'page',
  'app',
  'app that names an origin',
  'app for all',
];
const APPS = EVERY.slice(3);
const ALL = ['app for all'] as const;

/** The doors that such a request passes. */
function passed(method: string, headers: Readonly<Record<string, string>>): Name[] {
  return EVERY.filter(
    (name) => pageRefusal(doors[name], { method, headers: { host, ...headers } }) === undefined,
  );
}

describe('a request', () => {
  it.each<[what: string, headers: Readonly<Record<string, string>>, expected: readonly Name[]]>([
    ['of a program', {}, EVERY],
    ['that a person types', { 'sec-fetch-site': 'none' }, EVERY],
    ['of a page of this server', { 'sec-fetch-site': 'same-origin' }, EVERY],
    ['of a page of this server that says so', { origin: OWN }, EVERY.slice(2)],
    [
      'of a page of this server, whose referrer policy hides it',
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
      APPS,
    ],
    ['of a page of another port', { 'sec-fetch-site': 'same-site' }, APPS],
    ['of a page of another port that says so', { origin: 'http://localhost:3000' }, APPS],
    ['of a page of another scheme', { origin: `https://${host}` }, APPS],
    ['of a page below localhost', { origin: 'http://x.localhost:8080' }, ALL],
    ['of a page of another machine', { origin: 'https://evil.example' }, ALL],
    ['of a page that the app names', { origin: NAMED, 'sec-fetch-site': 'cross-site' }, APPS.slice(1)],
    ['of a sandboxed page', { origin: 'null', 'sec-fetch-site': 'cross-site' }, ALL],
    ['of a page opened from a file', { origin: 'null' }, ALL],
    ['of a page that does not say which', { 'sec-fetch-site': 'cross-site' }, ALL],
    ['with an unknown mark', { 'sec-fetch-site': 'anything' }, ALL],
    ['with two origins', { origin: `${OWN}, https://evil.example` }, ALL],
  ])('%s: %j', (_what, headers, expected) => {
    expect(passed('GET', headers)).toEqual(expected);
  });

  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

  it.each<
    [what: string, method: string, headers: Readonly<Record<string, string>>, expected: readonly Name[]]
  >([
    ['opens a page by a link', 'GET', link, EVERY.slice(2)],
    ['is a form of another site', 'POST', { ...link, origin: 'https://evil.example' }, ALL],
    ['is a form that hides its site', 'POST', { ...link, origin: 'null' }, ALL],
    ['shows an address in a frame', 'GET', { ...link, 'sec-fetch-dest': 'iframe' }, ALL],
    ['is only a part of a page', 'GET', { ...link, 'sec-fetch-mode': 'no-cors' }, ALL],
  ])('%s', (_what, method, headers, expected) => {
    expect(passed(method, headers)).toEqual(expected);
  });
});

describe('a POST to an API of AWS', () => {
  const passes = (headers: Readonly<Record<string, string>>) => passed('POST', headers).includes('program');

  it.each([
    { authorization: 'AWS4-HMAC-SHA256' },
    { 'x-amz-target': 'x' },
    { 'content-type': 'application/x-amz-json-1.0' },
  ])('passes with a header that a page may send only after a preflight: %j', (headers) => {
    expect(passes(headers)).toBe(true);
  });

  it.each([
    {},
    { accept: 'application/json' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'text/plain; application/x-amz-json-1.0' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'multipart/form-data; boundary=x-amz-' },
  ])('is refused without such a header: %j', (headers) => {
    expect(passes(headers)).toBe(false);
  });
});
