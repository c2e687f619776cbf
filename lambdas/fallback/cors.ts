/**
 * Cross-origin requests: the pages that may connect by WebSocket may come this way, and no others.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */

import { isAllowedOrigin } from '../identity/origins.ts';
import type { WholeAnswer } from './http-answer.ts';

/** Long enough that a browser asks about once in the life of a page. Seconds. */
const MAX_AGE = 7_200;

/** The headers of every answer. */
export function corsHeaders(
  rules: readonly string[],
  origin: string | undefined,
): Readonly<Record<string, string>> {
  const isNamed = origin !== undefined && isAllowedOrigin(rules, origin);
  // A cache must not give the answer for one origin to a page of another origin.
  return { Vary: 'Origin', ...(isNamed && { 'Access-Control-Allow-Origin': origin }) };
}

/** Answers a preflight request. It carries no token, so nothing else is checked. */
export function preflight(rules: readonly string[], origin: string | undefined): WholeAnswer {
  if (origin === undefined || !isAllowedOrigin(rules, origin)) return { status: 403, headers: {}, body: '' };
  return {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, POST, DELETE',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, Last-Event-ID',
      'Access-Control-Max-Age': String(MAX_AGE),
    },
    body: '',
  };
}
