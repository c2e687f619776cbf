/** Every failure of the client, as one error class with a stable code. The server's codes are in `packages/protocol/src/errors.ts`. */

import type { ErrorCode } from 'fanfare-protocol/errors';

/** The failures that the client itself finds, each with the HTTP status that comes closest. */
const local = {
  /** The data is not JSON, such as `undefined`, `NaN` or a function. */
  'bad-request': [400, 'Not JSON. Send bytes as base64.'],
  /** No reply came in time. The server may have carried out the command. */
  timeout: [408, 'No reply in time.'],
  'too-large': [413, 'Too large for a frame.'],
  /** Too many publishes wait for their acknowledgement, or too many messages for the application's loop. */
  overflow: [429, 'Too many waiting.'],
  /** `close()` or `unsubscribe()` was called, or a signal aborted. */
  closed: [499, 'Closed.'],
  /** The connection was lost before the reply came. */
  disconnected: [503, 'Connection lost.'],
} as const;

export type LocalCode = keyof typeof local;

/** The code of a newer server, which this client does not know, arrives as a plain string. */
export type FailureCode = ErrorCode | LocalCode | (string & Record<never, never>);

/**
 * Whether a request that got this status may succeed later: the server was overloaded (5xx, 429), or no reply came in time
 * (408). The client decides by status, not by code, so that it handles the codes of newer servers, too.
 */
export function isTransient(status: number): boolean {
  return status >= 500 || status === 429 || status === 408;
}

/** The server's description of a failure. */
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
  /**
   * Whether the same may succeed later: at a status of 500 or more, 429 or 408, and at `token-expired` if a function gives the
   * tokens. A publish that is repeated under the same `key` lands once.
   */
  readonly isRetryable: boolean;

  /** @param isRenewable whether another token follows an expired one. */
  constructor({ code, status, message, retryAfter }: Refusal, isRenewable = false) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
    this.isRetryable = isTransient(status) || (isRenewable && code === 'token-expired');
  }
}

export function localError(code: LocalCode): FanfareError {
  const [status, message] = local[code];
  return new FanfareError({ code, status, message });
}
