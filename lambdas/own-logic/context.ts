/** The context of a handler: who has asked for what. All of it is attested by the gateway, and nothing comes from the message. */

import type { Grants } from '../identity/grants.ts';

/**
 * - `client`: a connection, by WebSocket or over HTTP
 * - `server`: a request to the HTTP API
 * - `event`: an event on the bus of EventBridge
 */
export type CallerKind = 'client' | 'server' | 'event';

/** The side from which a request has come. */
export interface Origin {
  readonly caller: CallerKind;
  /** The user of the verified token; `undefined` for an anonymous connection, a server and an event. */
  readonly user: string | undefined;
  /** The id of the connection; `undefined` for a server and an event. */
  readonly connection: string | undefined;
  /** The channels that the token names; `undefined` if it does not have the claim. */
  readonly grants: Grants | undefined;
  /** The info of the token, which other members see: any JSON. `undefined` if it does not have the claim. */
  readonly info: unknown;
  /** The log line and the answer of a failure both name it. */
  readonly requestId: string;
}

export interface HandlerContext extends Origin {
  /** `namespace:name`. */
  readonly channel: string;
  /** Aborts when the time budget of the handler is used up. */
  readonly signal: AbortSignal;
}

/** A connection that has sent a command. */
interface Connected {
  readonly connectionId: string;
  readonly user: string | undefined;
  readonly grants?: Grants;
  readonly info?: unknown;
  readonly requestId: string;
}

export function clientOrigin({ connectionId, user, grants, info, requestId }: Connected): Origin {
  return { caller: 'client', user, connection: connectionId, grants, info, requestId };
}

/** A server or an event. Neither has a user, a connection or info. */
export function serverOrigin(
  caller: Exclude<CallerKind, 'client'>,
  { grants, requestId }: Pick<Origin, 'grants' | 'requestId'>,
): Origin {
  return { caller, user: undefined, connection: undefined, grants, info: undefined, requestId };
}

export function contextOf(origin: Origin, channel: string, signal: AbortSignal): HandlerContext {
  return { ...origin, channel, signal };
}
