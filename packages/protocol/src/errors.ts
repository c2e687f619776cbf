/** The errors of `fanfare.v1`: every code with its status, and the exception that has one. */

import type { NamedMessage } from './message.ts';

/** Each code with the HTTP status that comes closest. Clients switch on the code, so the sentence beside it may change. */
export const errorStatus = {
  'bad-request': 400,
  unauthenticated: 401,
  'token-expired': 401,
  forbidden: 403,
  'unknown-action': 404,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'too-large': 413,
  rejected: 422,
  'rate-limited': 429,
  internal: 500,
  busy: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/**
 * A refusal that the client gets as an `error` frame.
 *
 * @example
 * throw new ProtocolError('forbidden', 'Only servers publish to public:news.');
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ErrorCode;
  /** Milliseconds after which the same command may succeed. */
  readonly retryAfter: number | undefined;
  /** Which of the `messages` of a publish is refused, from 0. */
  readonly index: number | undefined;

  constructor(code: ErrorCode, message: string, retryAfter?: number, index?: number) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
    this.index = index;
  }

  /** The same refusal, for one of the `messages` of a publish. */
  ofMessage(index: number): ProtocolError {
    return new ProtocolError(this.code, this.message, this.retryAfter, index);
  }
}

/** A refused `ifSeq`: the newest message of the name is another one. */
export class ConflictError extends ProtocolError {
  /** The value of the name; `null` if it has none, and `undefined` if the reply has no room for it. */
  readonly current: NamedMessage | null | undefined;

  constructor(current: NamedMessage | null | undefined, index?: number) {
    super('conflict', 'The newest message of the name is not the one that ifSeq names.', undefined, index);
    this.current = current;
  }
}
