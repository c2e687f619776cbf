/** A handshake as the gateway sees it: what the client sent, and what the front of AWS wrote into it (EV-1, EV-3). */

import type { IncomingMessage } from 'node:http';
import { forwardedHeaders } from '../web/forwarded-headers.ts';
import { headerValue } from '../web/header-values.ts';

export type ReceivedHandshake = Pick<IncomingMessage, 'url' | 'rawHeaders'>;

/** The authorizer and `$connect` get the same headers, with one id of a trace. */
export function receivedHandshake(
  { url, rawHeaders, socket }: Pick<IncomingMessage, 'url' | 'rawHeaders' | 'socket'>,
  receivedAt: number,
): ReceivedHandshake {
  const forwarded = forwardedHeaders({
    sourceIp: socket.remoteAddress ?? '',
    host: headerValue(rawHeaders, 'host') ?? '',
    receivedAt,
    forwardedFor: headerValue(rawHeaders, 'x-forwarded-for'),
    traceId: headerValue(rawHeaders, 'x-amzn-trace-id'),
  });
  return {
    url,
    rawHeaders: [...without(rawHeaders, Object.keys(forwarded)), ...Object.entries(forwarded).flat()],
  };
}

/** @param rawHeaders names and values in turns. */
function without(rawHeaders: readonly string[], names: readonly string[]): string[] {
  const written = new Set(names.map((name) => name.toLowerCase()));
  return rawHeaders.filter((_, at) => !written.has((rawHeaders[at - (at % 2)] ?? '').toLowerCase()));
}
