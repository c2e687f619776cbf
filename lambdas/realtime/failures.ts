/** Translates a failure: the client gets a code and a safe sentence, and the log gets every detail. */

import { ConflictError, type ErrorCode, errorStatus, ProtocolError } from 'fanfare-protocol/errors';
import type { NamedMessage } from 'fanfare-protocol/message';
import type { LogLine } from './log-lines.ts';
import type { Log } from './structured-log.ts';

/** Where a failure is logged. */
export interface FailureReport {
  readonly log: Log;
  /** The sentence of the log line, such as `A command failed`. */
  readonly message: LogLine;
  /** The log line and the answer to the client both name it. */
  readonly requestId: string;
}

/** Returns a refusal unchanged. Any other error goes to the log, and the client gets `internal` with the request id. */
export function protocolErrorOf(error: unknown, { log, message, requestId }: FailureReport): ProtocolError {
  if (error instanceof ProtocolError) return error;
  log.error(message, { error: asError(error), requestId });
  return new ProtocolError('internal', `Something went wrong here; request ${requestId}.`);
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('Something that is not an Error was thrown');
}

export interface FailureBody {
  readonly code: ErrorCode;
  readonly status: number;
  readonly message: string;
  /** Milliseconds. */
  readonly retryAfter?: number;
  /** Which of the `messages` of a publish is refused, from 0. */
  readonly index?: number;
  /** Of a conflict: the value of the name, `null` without a value. */
  readonly current?: NamedMessage | null;
}

/** The fields of a refusal that every answer has, on a socket as over HTTP. */
export function failureBody(error: ProtocolError): FailureBody {
  const { code, message, retryAfter, index } = error;
  const current = error instanceof ConflictError ? error.current : undefined;
  return {
    code,
    status: errorStatus[code],
    message,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(index !== undefined && { index }),
    ...(current !== undefined && { current }),
  };
}
