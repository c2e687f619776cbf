/** The session of a connection, as the gateway attests it. It is never taken from a message. */

import type { Grants } from '../../identity/grants.ts';

export interface Session {
  readonly connectionId: string;
  /** The verified token's subject; absent for an anonymous connection. */
  readonly user: string | undefined;
  /** The hash of the name that an anonymous client made up for itself, if it did (`identity/client-name.ts`). */
  readonly client?: string;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
  /** When the token was issued. Seconds since 1970. */
  readonly issuedAt?: number;
  /** From then on the connection has no rights and gets no messages. Seconds since 1970. Anonymous connections have no such end. */
  readonly expiresAt?: number;
  /** A session over HTTP is over then, unless it is renewed before; sockets have no such end. Seconds since 1970. */
  readonly leaseUntil?: number;
  /** Where an anonymous session over HTTP comes from, as `source-address.ts` writes it. */
  readonly address?: string;
  /** The channels that the token names, if it has that claim. */
  readonly grants?: Grants;
  /** The info of the token, which other members see: any JSON. */
  readonly info?: unknown;
}

/** A session from which a frame or a request has come. */
export interface Caller extends Session {
  /** When the platform received it. Milliseconds since 1970. */
  readonly receivedAt: number;
  /** An unexpected failure is logged under this id. */
  readonly requestId: string;
}

export function isExpired({ expiresAt }: Pick<Session, 'expiresAt'>, now: number): boolean {
  return expiresAt !== undefined && now >= expiresAt * 1000;
}
