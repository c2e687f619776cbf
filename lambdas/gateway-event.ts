/** The events that API Gateway sends to WebSocket routes, as far as they are used, and the session read from them. */

import type { APIGatewayEventWebsocketRequestContextV2 } from 'aws-lambda';
import type { Session } from './realtime/session.ts';

type RequestContext = Pick<
  APIGatewayEventWebsocketRequestContextV2,
  'connectionId' | 'requestId' | 'connectedAt'
>;

/** Members of EV-1, EV-10 and EV-15 that every event has. */
export interface GatewayEvent {
  readonly requestContext: Readonly<RequestContext> & {
    /** Set by the authorizer at connect time and repeated on every later event (EV-14). */
    readonly authorizer?: { readonly principalId?: string };
  };
}

export interface ConnectEvent extends GatewayEvent {
  readonly headers?: Readonly<Record<string, string>>;
}

export interface MessageEvent extends GatewayEvent {
  readonly body?: string;
}

export interface ProxyResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export function sessionOf({ requestContext }: GatewayEvent): Session & { readonly requestId: string } {
  const { connectionId, connectedAt, requestId, authorizer } = requestContext;
  return { connectionId, connectedAt, requestId, user: authorizer?.principalId };
}

/** Clients choose the casing of header names, and the event keeps it (HS-13). */
export function header(event: ConnectEvent, name: string): string | undefined {
  return Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}
