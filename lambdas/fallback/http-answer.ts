/** The answer to a request. */

import type { Writable } from 'node:stream';
import { ProtocolError } from 'fanfare-protocol/errors';
import { failureBody } from '../realtime/failures.ts';

type Headers = Readonly<Record<string, string>>;

export interface WholeAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

interface StreamedAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Writes the answer, and ends it. */
  readonly run: (out: Writable) => Promise<void>;
}

export type HttpAnswer = WholeAnswer | StreamedAnswer;

/** @param text JSON. */
export function jsonAnswer(text: string, status = 200): WholeAnswer {
  return { status, headers: { 'Content-Type': 'application/json' }, body: text };
}

export const NO_CONTENT: WholeAnswer = { status: 204, headers: {}, body: '' };

/** With the body that the HTTP API for servers has for the same. */
export function refusal(error: ProtocolError): WholeAnswer {
  const body = failureBody(error);
  return jsonAnswer(JSON.stringify(body), body.status);
}

export function gone(): ProtocolError {
  return new ProtocolError('gone', 'There is no such session, or it is over; open one again.');
}
