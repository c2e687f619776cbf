/**
 * Sessions over HTTP: connections that receive by a mailbox instead of the gateway. Each opening of a session is a connection of
 * its own, so that an older opening that still runs can neither take frames from a newer one nor end it.
 */

import { createHash, randomBytes } from 'node:crypto';
import type { Placement, Subscription } from './subscription-store.ts';

/** The gateway's ids have `=` only at their end, so no socket can be taken for an HTTP session. */
const PREFIX = 'http=';

/** Random, of 6 bytes, in base64url. */
const OPENING_LENGTH = 8;

/** Whether a connection's way out is a mailbox. */
export function isHttpConnection(connectionId: string): boolean {
  return connectionId.startsWith(PREFIX);
}

/** Storage key of a session. It includes the user, so that equal session names of two users do not collide. */
export function sessionKeyOf(user: string | undefined, session: string): string {
  const owner = user === undefined ? [] : [user];
  return createHash('sha256')
    .update(JSON.stringify([session, ...owner]))
    .digest('base64url');
}

/** The connection of a new opening. */
export function newConnectionId(sessionKey: string): string {
  return `${PREFIX}${sessionKey}-${randomBytes(6).toString('base64url')}`;
}

/** The session that a connection is an opening of. */
export function sessionKeyIn(connectionId: string): string {
  return connectionId.slice(PREFIX.length, -OPENING_LENGTH - 1);
}

/** A session, and the connection that it is now. */
export interface HttpSession {
  readonly sessionKey: string;
  readonly connectionId: string;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
  /** From then on it is over, unless it is renewed before. Seconds since 1970. */
  readonly leaseUntil: number;
  /** When its client last sent something, as far as that was noted. Milliseconds since 1970; absent until then. */
  readonly seenAt?: number;
}

/** Which sessions are open. */
export interface HttpSessionStore {
  /** Makes the connection the current one of the session, and returns the one that it replaces. */
  open(session: HttpSession): Promise<string | undefined>;
  /** Strongly consistent; it may be found for a long time after its lease (PX-8). */
  find(sessionKey: string): Promise<HttpSession | undefined>;
  /** Moves the end; false when the session is over, or another connection's. Seconds since 1970. */
  renew(connectionId: string, leaseUntil: number): Promise<boolean>;
  /** Notes that its client was there, if it is still this connection's. Milliseconds since 1970. */
  noteSeen(connectionId: string, seenAt: number): Promise<void>;
  /** Ends the session, if it is still this connection's. */
  end(connectionId: string): Promise<void>;
}

/** How many sessions were opened without a token. */
export interface OpeningStore {
  /**
   * Counts one more under a name, unless there are as many as the limit allows. The count is kept until some time after it ends.
   *
   * @param until Seconds since 1970.
   */
  take(name: string, limit: number, until: number): Promise<boolean>;
}

/** Places for requests that hold an execution while they wait. Each place has at most one holder, until its time is over. */
export interface PlaceStore {
  /** Takes a place that is free, or whose holder's time is over. Milliseconds since 1970. */
  take(
    place: number,
    holder: string,
    span: { readonly now: number; readonly until: number },
  ): Promise<boolean>;
  /** Frees a place, if it is still the holder's. */
  free(place: number, holder: string): Promise<void>;
}

/** An entry of a mailbox: a frame, or the message that the connection was closed. */
export interface MailboxEntry {
  /** Unique in the mailbox, and in the order of time as far as the clocks of the senders agree. */
  readonly entryId: string;
  /** JSON, as it would have gone out on a socket. */
  readonly content: { readonly frame: string } | 'closed';
}

/** Where frames wait until their client asks for them. */
export interface Mailboxes {
  put(connectionId: string, frame: Uint8Array): Promise<void>;
  /** Entries after this one are not delivered to the client. */
  putClosed(connectionId: string): Promise<void>;
  /** The oldest entries, at most as many as one poll returns; strongly consistent. */
  read(connectionId: string): Promise<readonly MailboxEntry[]>;
  remove(connectionId: string, entryIds: readonly string[]): Promise<void>;
}

/** The rows of a connection, which end with its lease. */
export interface LeaseStore {
  /** Moves the end of a connection that still exists, and answers where it is subscribed. Seconds since 1970. */
  renewConnection(connectionId: string, until: number): Promise<readonly Placement[] | undefined>;
  /** Gives a subscription that still exists the rights and the end of the token that renews it. */
  renewSubscription(connectionId: string, placement: Placement, renewal: Renewal): Promise<void>;
  /**
   * Moves the end of a subscription whose right the token of this request does not give: never beyond the end of the token
   * that gave it. Seconds since 1970.
   */
  retainSubscription(connectionId: string, placement: Placement, leaseUntil: number): Promise<void>;
  /** The right by which a connection is in a channel; strongly consistent. */
  grantOf(connectionId: string, placement: Placement): Promise<Grant | undefined>;
}

/** The new state of a subscription. */
export interface Renewal extends Pick<Subscription, 'isMember' | 'info' | 'seesMembers' | 'isDeaf'> {
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** Seconds since 1970; absent without a token. */
  readonly grantUntil?: number;
}

/** The right of a stored subscription. */
export interface Grant {
  /** Seconds since 1970; absent without a token. */
  readonly grantUntil?: number;
  readonly seesMembers?: boolean;
  readonly isDeaf?: boolean;
}
