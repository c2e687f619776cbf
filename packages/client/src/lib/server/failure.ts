/** Failures that the server library finds by itself, each with a sentence that says what to do. No sentence contains a secret. */

import { type FailureCode, FanfareError } from '../wire/errors.ts';
import { jsonOf } from '../wire/json.ts';

const statuses = {
  'bad-request': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  timeout: 408,
  'too-large': 413,
  'rate-limited': 429,
  closed: 499,
  internal: 500,
  disconnected: 503,
} as const satisfies Readonly<Partial<Record<FailureCode, number>>>;

/**
 * The JSON of what the application passes in.
 *
 * @throws FanfareError `bad-request`
 */
export function jsonText(value: unknown): string {
  try {
    return jsonOf(value);
  } catch {
    throw failure('bad-request', 'This is not JSON, such as NaN, a function or bytes. Send bytes as base64.');
  }
}

export function failure(code: keyof typeof statuses, message: string): FanfareError {
  return new FanfareError({ code, status: statuses[code], message });
}
