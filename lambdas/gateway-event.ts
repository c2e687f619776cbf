/** The events that API Gateway sends to WebSocket routes, as far as they are used, and the session read from them. */

import type { APIGatewayEventWebsocketRequestContextV2 } from 'aws-lambda';
import type { Caller } from './actions/answer.ts';
import { bearerOf, clientOf } from './identity/authorizer-context.ts';

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
}

/** What the authorizer gets: the handshake, and what it is about to allow. */
export interface AuthorizerEvent extends ConnectEvent {
  readonly methodArn: string;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
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

/** Who is speaking, by the authorizer's word alone; nothing that a client sends has a part in it. */
export function sessionOf({ requestContext }: GatewayEvent): Caller {
  const { connectionId, connectedAt, requestId, requestTimeEpoch, authorizer } = requestContext;
  const connection = { connectionId, connectedAt, requestId, receivedAt: requestTimeEpoch };
  const bearer = bearerOf(authorizer);
  if (bearer) return { ...connection, ...bearer };
  const client = clientOf(authorizer);
  return { ...connection, user: undefined, ...(client !== undefined && { client }) };
}

/** Each value of a query parameter: the event keeps only the last one in its single-value map (EV-9). */
export function queryValues(event: AuthorizerEvent, name: string): readonly string[] {
  const { queryStringParameters: last, multiValueQueryStringParameters: all } = event;
  return all?.[name] ?? (last?.[name] === undefined ? [] : [last[name]]);
}

/** Clients choose the casing of header names, and the event keeps it (HS-13). */
export function header(event: ConnectEvent, name: string): string | undefined {
  return Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}
