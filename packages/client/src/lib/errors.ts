/** Everything that can fail, as one error class with a stable code; the server's codes are in `packages/protocol/src/errors.ts`. */

import type { ErrorCode } from 'fanfare-protocol/errors';

/** Failures that the client itself sees, with the HTTP status that says the same. */
const local = {
  /** What is published must be JSON; `undefined` and functions are not. */
  'bad-request': [400, 'Not JSON.'],
  /** Whether the command was carried out is not known. */
  timeout: [408, 'No reply in time.'],
  'too-large': [413, 'Too large for a frame.'],
  /** Unacknowledged publishes, or messages that a loop has not taken. */
  overflow: [429, 'Too many waiting.'],
  /** `close()` or `unsubscribe()` was called, or a signal aborted. */
  closed: [499, 'Closed.'],
  /** The socket went away before the reply came. */
  disconnected: [503, 'Connection lost.'],
} as const;

export type LocalCode = keyof typeof local;

/** A code that a newer server has and this client does not know still arrives, as a plain string. */
export type FailureCode = ErrorCode | LocalCode | (string & Record<never, never>);

/** What the server says of a failure. */
export interface Refusal {
  readonly code: FailureCode;
  readonly status: number;
  readonly message: string;
  readonly retryAfter?: number | undefined;
}

/**
 * A refusal by the server, or a failure on the way to it. Switch on `code`; `message` is for people.
 *
 * @example
 * await chat.publish('hello').catch((error) => {
 *   if (error instanceof FanfareError && error.code === 'forbidden') showReadOnly();
 * });
 */
export class FanfareError extends Error {
  override readonly name = 'FanfareError';
  readonly code: FailureCode;
  /** As in HTTP. */
  readonly status: number;
  /** Milliseconds after which the same may succeed. */
  readonly retryAfter: number | undefined;

  constructor({ code, status, message, retryAfter }: Refusal) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export function localError(code: LocalCode): FanfareError {
  const [status, message] = local[code];
  return new FanfareError({ code, status, message });
}
