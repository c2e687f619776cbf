/** Every failure of the client, as one error class with a stable code. The server's codes are in `packages/protocol/src/errors.ts`. */

import type { ErrorCode } from 'fanfare-protocol/errors';
import type { NamedMessage } from 'fanfare-protocol/message';

/**
 * The failures that the client itself finds, each with the HTTP status that comes closest. The code is also the message: sentences
 * would be an eightieth of what a page loads, so `docs/client.md` has them.
 */
type LocalFailure =
  /** The data is not JSON, such as `undefined`, `NaN`, a function or bytes, which an application can send as base64. */
  | ['bad-request', 400]
  /** No reply came in time. The server may have carried out the command. */
  | ['timeout', 408]
  /** The message fits in no frame. */
  | ['too-large', 413]
  /** Too many publishes wait for their acknowledgement, or too many messages for the application's loop. */
  | ['overflow', 429]
  /** `close()` or `unsubscribe()` was called, or a signal aborted. */
  | ['closed', 499]
  /** The connection was lost before the reply came. */
  | ['disconnected', 503];

type LocalCode = LocalFailure[0];

/** The code of a newer server, which this client does not know, arrives as a plain string. */
export type FailureCode = ErrorCode | LocalCode | (string & Record<never, never>);

/**
 * Whether a request that got this status may succeed later: the server was overloaded (5xx, 429), or no reply came in time
 * (408). The client decides by status, not by code, so that it handles the codes of newer servers, too.
 */
export function isTransient(status: number): boolean {
  return status >= 500 || [408, 429].includes(status);
}

/** The server's description of a failure. */
export interface Refusal {
  readonly code: FailureCode;
  readonly status: number;
  readonly message: string;
  readonly retryAfter?: number | undefined;
  readonly index?: number | undefined;
  readonly current?: NamedMessage | null | undefined;
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
  declare readonly code: FailureCode;
  /** As in HTTP. */
  declare readonly status: number;
  /** Milliseconds after which the same may succeed. */
  declare readonly retryAfter: number | undefined;
  /** Of `FanfareServer`'s publish with `messages`: which of them is refused, from 0. None of them was published. */
  declare readonly index: number | undefined;
  /** Of `conflict`: the value of the name, `null` without a value. `undefined` if the server did not tell it. */
  declare readonly current: NamedMessage | null | undefined;
  /**
   * Whether the same may succeed later: at a status of 500 or more, 429 or 408, and at `token-expired` if a function gives the
   * tokens. A publish that is repeated under the same `key` lands once.
   */
  declare readonly isRetryable: boolean;

  /** @param isRenewable whether another token follows an expired one. */
  constructor({ code, status, message, retryAfter, index, current }: Refusal, isRenewable = false) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
    this.index = index;
    this.current = current;
    this.isRetryable = isTransient(status) || (isRenewable && code === 'token-expired');
  }
}

/** Both stand at each call: a table of them would be 37 bytes more of what a page loads. */
export function localError(...[code, status]: LocalFailure): FanfareError {
  return new FanfareError({ code, status, message: code });
}
