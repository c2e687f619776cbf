/** The facts of an HTTP request, in the form that events and signatures need. */

import type { IncomingMessage } from 'node:http';
import type { ReceivedRequest } from '../signature/canonical-request.ts';
import { headerValues } from '../web/header-values.ts';

export interface RequestFacts {
  readonly method: string;
  /** Percent-encoded, as the client sent it. */
  readonly path: string;
  /** As the client sent it, without the question mark. */
  readonly rawQueryString: string;
  /** By lower-case names. The values of a repeated header are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  /** Decoded. The values of a repeated name are joined by commas. */
  readonly query: Readonly<Record<string, string>>;
  readonly protocol: string;
  readonly sourceIp: string;
  /** The host that the client used. */
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

export function requestFacts(request: IncomingMessage): RequestFacts {
  const { method = 'GET', url = '/' } = request;
  const [path = '/', ...query] = url.split('?');
  const rawQueryString = query.join('?');
  const headers = headerValues(request.rawHeaders);
  return {
    method,
    path,
    rawQueryString,
    headers,
    cookies: (headers['cookie'] ?? '').split(/; */).filter((cookie) => cookie !== ''),
    query: joined([...new URLSearchParams(rawQueryString)]),
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp: request.socket.remoteAddress ?? '',
    host: headers['host'] ?? '',
    receivedAt: Date.now(),
  };
}

type Pair = readonly [name: string, value: string];

function joined(pairs: readonly Pair[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}

/** The parts of a request that a signature covers. */
export function receivedRequest(
  facts: Pick<RequestFacts, 'method' | 'path' | 'rawQueryString' | 'headers'>,
): ReceivedRequest {
  const { method, path, rawQueryString, headers } = facts;
  const header = (name: string) => (Object.hasOwn(headers, name) ? headers[name] : undefined);
  return { method, path, rawQueryString, header };
}
