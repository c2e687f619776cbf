/** An answer over HTTP, and how it is sent. */

import {
  type OutgoingHttpHeaders,
  type ServerResponse,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';

export interface HttpReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Each becomes a header `set-cookie`. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

export function jsonReply(status: number, value: unknown): HttpReply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** The server's own business, whatever a function says. */
const OF_THE_SERVER = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * Headers in the form in which replies have them.
 *
 * @returns `undefined` where one of them could not be sent.
 */
export function replyHeaders(
  headers: Readonly<Record<string, string | number | boolean>>,
): Record<string, string> | undefined {
  const pairs = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
    .filter(([name]) => !OF_THE_SERVER.has(name));
  try {
    for (const [name, value] of pairs) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
  } catch {
    return undefined;
  }
  return Object.fromEntries(pairs);
}

/** Status and headers; the body is up to the caller. */
export function sendHead(
  response: ServerResponse,
  { status, headers, cookies }: Omit<HttpReply, 'body'>,
): void {
  const all: OutgoingHttpHeaders = { ...headers };
  if (cookies.length > 0) all['set-cookie'] = [...cookies];
  response.writeHead(status, all);
}

/** What these say is over with their headers. */
const WITHOUT_BODY = new Set([204, 304]);

export function sendHttpReply(response: ServerResponse, reply: HttpReply): void {
  const length = { 'content-length': String(reply.body.length) };
  const hasBody = !WITHOUT_BODY.has(reply.status);
  sendHead(response, { ...reply, headers: { ...reply.headers, ...(hasBody && length) } });
  response.end(hasBody ? reply.body : undefined);
}
