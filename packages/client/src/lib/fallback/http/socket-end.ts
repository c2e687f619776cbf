/** How a socket over HTTP ends, in numbers like the close codes of a WebSocket. */

import { parseFrames, type ServerFrame } from '../../wire/server-frame.ts';

/** What browsers say when there was no word from the other side (RFC 6455, section 7.4.1). */
export const ABNORMAL = 1006;

/** A refusal by the server: the private range of close codes (RFC 6455, section 7.4.2), and the status. */
const REFUSED = 4000;

/** Nothing came any more, not even what the server sends to show that it is there. */
export const SILENT = REFUSED + 408;

/** The server knows no such session. */
export const GONE = REFUSED + 410;

/** The token, or the page, is not accepted: what any transport would be told, though a WebSocket cannot say it. */
export const NOT_ADMITTED: readonly number[] = [REFUSED + 401, REFUSED + 403];

/** After these, there is no session that could be ended. */
export const SESSIONLESS: readonly number[] = [...NOT_ADMITTED, GONE];

/** Thrown by whatever finds out that a socket is at its end. */
export class SocketEnd extends Error {
  override readonly name = 'SocketEnd';
  readonly code: number;
  /** After which the server would take the same request. Milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(code: number, retryAfter?: number) {
    super(`The socket ended with ${code}.`);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** What the server says of a request that it refused; nothing when it was somebody else, such as a proxy on the way. */
export async function refusalIn(response: Response): Promise<ServerFrame | undefined> {
  const [frame] = parseFrames(await response.text());
  return frame?.status === response.status ? frame : undefined;
}

/** The end that a response which is not a success means. */
export async function endOf(response: Response): Promise<SocketEnd> {
  const refusal = await refusalIn(response);
  return refusal ? new SocketEnd(REFUSED + response.status, refusal.retryAfter) : new SocketEnd(ABNORMAL);
}
