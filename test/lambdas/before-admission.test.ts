/**
 * Code that runs before a client is admitted takes time in proportion to its input. For regular expressions, their form shows
 * this: an anchored pattern without nested repetitions reads each place once, and so does a search for a single character or
 * class.
 */

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { requestOf } from '../../lambdas/events/url-event.ts';

/** Without imports of the platform and of libraries. */
const files = [
  'lambdas/events/api-event.ts',
  'lambdas/authorize-api.ts',
  'lambdas/authorize.ts',
  'lambdas/connect.ts',
  'lambdas/fallback/admit-request.ts',
  'lambdas/fallback/cors.ts',
  'lambdas/fallback/poll.ts',
  'lambdas/fallback/positions.ts',
  'lambdas/events/url-event.ts',
  'lambdas/fallback/respond.ts',
  'lambdas/events/gateway-event.ts',
  'lambdas/identity/admission.ts',
  'lambdas/identity/claims.ts',
  'lambdas/identity/grants.ts',
  'lambdas/identity/handshake-token.ts',
  'lambdas/identity/origins.ts',
  'lambdas/identity/refusal-sentence.ts',
  'lambdas/identity/token-verifier.ts',
  'packages/protocol/src/channel.ts',
  'packages/protocol/src/exact-number.ts',
  'packages/protocol/src/grants.ts',
  'packages/protocol/src/info.ts',
  'packages/protocol/src/json-scan.ts',
  'packages/protocol/src/json.ts',
  'packages/protocol/src/parse.ts',
  'packages/protocol/src/query.ts',
  'packages/protocol/src/subprotocol.ts',
  'packages/protocol/src/user-id.ts',
];

/** This pattern reads the settings of an operator, and never the input of a client. */
const OF_SETTINGS = new Set([
  '/^(?:null|https?:\\/\\/(?:\\*\\.)?[a-z0-9]+(?:(?:\\.|-+)[a-z0-9]+)*(?::(?:\\*|\\d{1,5}))?)$/',
]);

const LITERAL = /(?<![\w)\]*/.])\/(?![/*])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;

async function expressionsIn(file: string): Promise<string[]> {
  const lines = (await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')).split('\n');
  const code = lines.filter((line) => !/^\s*(?:\/\*\*|\*|\/\/|import |\} from )/.test(line)).join('\n');
  return code.replaceAll(/'[^'\n]*'/g, "''").match(LITERAL) ?? [];
}

/** Character classes may hold anything and are one character each. */
const simplified = (literal: string) =>
  literal
    .replace(/\[(?:[^\]\\]|\\.)*\]|\\[pP]\{\w+\}|\\./g, 'c')
    .replace(/\(\?<\w+>/g, '(')
    .replace(/\(\?:/g, '(');

const ONE_CLASS = /^\/c\+?\/[a-z]*$/;
const REPEATS_A_REPETITION = /[*+}]\)[*+{]|[*+]\)\?\)[*+{]/;

function isLinear(literal: string): boolean {
  const form = simplified(literal);
  if (ONE_CLASS.test(form)) return true;
  return form.startsWith('/^') && !REPEATS_A_REPETITION.test(form) && !/\.[*+].*[*+]/.test(form);
}

describe('before a client is let in', () => {
  it('regular expressions are of a form that looks at each character once', async () => {
    const found = (await Promise.all(files.map(expressionsIn))).flat();
    const others = found.filter((literal) => !OF_SETTINGS.has(literal));

    expect(found.length).toBeGreaterThan(10);
    expect(others.filter((literal) => !isLinear(literal))).toEqual([]);
  });

  it.each(['/(?<=.)\\/+$/', '/0+$/', '/^(a+)+$/', '/^(?:[a-z]+)*$/', '/a.*b/', '/^.*x.*$/'])(
    'a pattern such as %s is found',
    (literal) => {
      expect(isLinear(literal)).toBe(false);
    },
  );

  it.each([
    ['/', '/'],
    ['//', '/'],
    ['/poll', '/poll'],
    ['/poll/', '/poll'],
    ['/poll///', '/poll'],
    ['///poll', '///poll'],
    ['', ''],
    [`${'/'.repeat(100)}x`, `${'/'.repeat(100)}x`],
  ])('a path loses the slashes behind it: %j', (rawPath, path) => {
    const http = { method: 'GET', sourceIp: '192.0.2.1' };
    const requestContext = { requestId: 'r', timeEpoch: 0, http };
    const event = { rawPath, rawQueryString: '', headers: {}, isBase64Encoded: false, requestContext };

    expect(requestOf(event).route).toBe(`GET ${path}`);
  });
});
