/** An HTTP answer, and how it is sent. */

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

/** The server sets these itself and ignores those of a function. */
const OF_THE_SERVER = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * Checks headers and gives them lower-case names.
 *
 * @returns `undefined` if one of the headers is not valid in HTTP.
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

/** Sends status and headers. The caller sends the body. */
export function sendHead(
  response: ServerResponse,
  { status, headers, cookies }: Omit<HttpReply, 'body'>,
): void {
  const all: OutgoingHttpHeaders = { ...headers };
  if (cookies.length > 0) all['set-cookie'] = [...cookies];
  response.writeHead(status, all);
}

/** Answers with these statuses have no body. */
const WITHOUT_BODY = new Set([204, 304]);

export function sendHttpReply(response: ServerResponse, reply: HttpReply): void {
  const length = { 'content-length': String(reply.body.length) };
  const hasBody = !WITHOUT_BODY.has(reply.status);
  sendHead(response, { ...reply, headers: { ...reply.headers, ...(hasBody && length) } });
  response.end(hasBody ? reply.body : undefined);
}
