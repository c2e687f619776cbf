/** The events that API Gateway sends to functions, member for member (EV-1 to EV-15). */

import { ACCOUNT, REGION } from '../template/account.ts';
import { newRequestId } from '../web/ids.ts';
import { requestTime } from '../web/request-time.ts';
import type { ConnectionFacts } from './connection-facts.ts';
import type { ReceivedHandshake } from './received-handshake.ts';

/** The event does not contain these (EV-3). */
const HIDDEN_HEADERS = new Set(['connection', 'upgrade', 'content-length']);

/** The front of the gateway sets these, regardless of what the client sent (EV-9). */
const UPGRADE_HEADERS: readonly Pair[] = [
  ['Connection', 'upgrade'],
  ['Upgrade', 'websocket'],
  ['content-length', '0'],
];

export type AuthorizerEvent = ReturnType<typeof authorizerEvent>;

/** The event for the authorizer of a new client (EV-9). */
export function authorizerEvent(facts: ConnectionFacts, request: ReceivedHandshake, requestId: string) {
  const headers = [...headersOf(request), ...UPGRADE_HEADERS];
  const query = queryOf(request);
  return {
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${facts.apiId}/${facts.stage}/$connect`,
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: allValues(query),
    stageVariables: {},
    requestContext: requestContext(facts, 'CONNECT', '$connect', requestId),
  };
}

export function connectEvent(facts: ConnectionFacts, request: ReceivedHandshake, requestId: string) {
  const headers = headersOf(request);
  const query = queryOf(request);
  return {
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    // Present only when the URL has a query string (EV-2).
    ...(query.length > 0 && {
      queryStringParameters: lastValues(query),
      multiValueQueryStringParameters: allValues(query),
    }),
    requestContext: requestContext(facts, 'CONNECT', '$connect', requestId),
    isBase64Encoded: false,
  };
}

/** The event has no headers and no query string (EV-11). The body is exactly the received text (EV-12). */
export function messageEvent(facts: ConnectionFacts, routeKey: string, body: string, requestId: string) {
  return {
    requestContext: { ...requestContext(facts, 'MESSAGE', routeKey, requestId), messageId: newRequestId() },
    body,
    isBase64Encoded: false,
  };
}

/** AWS sends only these few headers (DC-4). */
export function disconnectEvent(facts: ConnectionFacts, code: number, reason: string, requestId: string) {
  const headers: Pair[] = [
    ['Host', facts.domainName],
    ['x-api-key', ''],
    ['X-Forwarded-For', ''],
    ['x-restapi', ''],
  ];
  return {
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    requestContext: {
      ...requestContext(facts, 'DISCONNECT', '$disconnect', requestId),
      disconnectStatusCode: code,
      disconnectReason: reason,
    },
    isBase64Encoded: false,
  };
}

function requestContext(facts: ConnectionFacts, eventType: string, routeKey: string, requestId: string) {
  const now = Date.now();
  return {
    routeKey,
    eventType,
    // AWS sets both to the same id (EV-4).
    extendedRequestId: requestId,
    requestId,
    requestTime: requestTime(now),
    requestTimeEpoch: now,
    messageDirection: 'IN',
    ...facts,
  };
}

type Pair = readonly [name: string, value: string];

/** The names keep the case in which the client sent them (EV-3). */
function headersOf({ rawHeaders }: ReceivedHandshake): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!HIDDEN_HEADERS.has(name.toLowerCase())) pairs.push([name, value]);
  }
  return pairs;
}

function queryOf({ url = '/' }: ReceivedHandshake): Pair[] {
  return [...new URL(url, 'ws://localhost').searchParams];
}

/** The last value of each name. */
function lastValues(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(pairs);
}

function allValues(pairs: readonly Pair[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}
