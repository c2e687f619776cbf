/** The ends of a socket over HTTP, in codes like those of a WebSocket. */

import { parseFrames, type ServerFrame } from '../../wire/server-frame.ts';

/** The connection broke without a close frame (RFC 6455, section 7.4.1). */
export const ABNORMAL = 1006;

/** Plus the HTTP status: a refusal by the server. 4000 to 4999 is the private range (RFC 6455, section 7.4.2). */
const REFUSED = 4000;

/** Neither frames nor the server's comments or empty polls came any more. */
export const SILENT = REFUSED + 408;

/** The server has no such session. */
export const GONE = REFUSED + 410;

/** The server refused the token. */
export const TOKEN_REFUSED = REFUSED + 401;

/** The server refused the page. */
export const NOT_ALLOWED = REFUSED + 403;

/** It would do so on every transport; a WebSocket only shows 1006 then. */
export const NOT_ADMITTED: readonly number[] = [TOKEN_REFUSED, NOT_ALLOWED];

/** After these, the server has no session to end. */
export const SESSIONLESS: readonly number[] = [...NOT_ADMITTED, GONE];

/** Thrown where the client finds that a socket has to end. */
export class SocketEnd extends Error {
  override readonly name = 'SocketEnd';
  readonly code: number;
  /** The server will accept the same request after this time. Milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(code: number, retryAfter?: number) {
    super(`The socket ended with ${code}.`);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** The server's refusal; `undefined` if something else answered, such as a proxy. */
export async function refusalIn(response: Response): Promise<ServerFrame | undefined> {
  const [frame] = parseFrames(await response.text());
  return frame?.status === response.status ? frame : undefined;
}

/** The end that follows from a response that is not a 2xx. */
export async function endOf(response: Response): Promise<SocketEnd> {
  const refusal = await refusalIn(response);
  return refusal ? new SocketEnd(REFUSED + response.status, refusal.retryAfter) : new SocketEnd(ABNORMAL);
}
