/** The events that API Gateway sends to WebSocket routes, as far as they are used, and the session read from them. */

import type { APIGatewayEventWebsocketRequestContextV2 } from 'aws-lambda';
import { clientOf, identityIn } from '../identity/authorizer-context.ts';
import type { Caller } from '../realtime/access/session.ts';

type RequestContext = Pick<
  APIGatewayEventWebsocketRequestContextV2,
  'connectionId' | 'requestId' | 'requestTimeEpoch' | 'connectedAt'
>;

/** Members of EV-1, EV-10 and EV-15 that every event has. */
export interface GatewayEvent {
  readonly requestContext: Readonly<RequestContext> & {
    /** Set by the authorizer at connect time and repeated on every later event (EV-14). */
    readonly authorizer?: unknown;
  };
}

export interface ConnectEvent extends GatewayEvent {
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a header that was sent several times, all values; `headers` has the last. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
}

/** The event of the authorizer: the handshake, and the route that it may allow. */
export interface AuthorizerEvent extends ConnectEvent {
  readonly methodArn: string;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  /** Of a parameter that was sent several times, all values; the other table has the last. */
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[]>>;
}

export interface MessageEvent extends GatewayEvent {
  readonly body?: string;
}

export interface ProxyResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Reads the session only from the authorizer's context, which no message of a client can change. */
export function sessionOf({ requestContext }: GatewayEvent): Caller {
  const { connectionId, connectedAt, requestId, requestTimeEpoch, authorizer } = requestContext;
  const connection = { connectionId, connectedAt, requestId, receivedAt: requestTimeEpoch };
  const identity = identityIn(authorizer);
  if (identity) return { ...connection, ...identity };
  const client = clientOf(authorizer);
  return { ...connection, user: undefined, ...(client !== undefined && { client }) };
}

/**
 * Clients choose the casing of header names, and the event keeps it (HS-13). A header that was sent several times is a list, as
 * in the events of HTTP (RFC 9110, section 5.3). Otherwise one door could take the first of two values, and another door the
 * last.
 */
export function header(
  { headers, multiValueHeaders }: Pick<ConnectEvent, 'headers' | 'multiValueHeaders'>,
  name: string,
): string | undefined {
  const values = Object.entries({ ...headers, ...multiValueHeaders })
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value);
  return values.length === 0 ? undefined : values.join(',');
}

/** All values of a parameter of the handshake's query. */
export function queryValues(
  { queryStringParameters, multiValueQueryStringParameters }: AuthorizerEvent,
  name: string,
): readonly string[] {
  const values = new Map<string, string | readonly string[]>(
    Object.entries({ ...queryStringParameters, ...multiValueQueryStringParameters }),
  );
  return [values.get(name) ?? []].flat();
}
