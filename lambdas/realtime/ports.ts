/** What the domain needs from the outside: each method is one request, so that a crash can only fall between two. */

import type { LogStore } from './log-store.ts';

/** One row of who gets a channel's messages. */
export interface Subscription {
  readonly channel: string;
  readonly connectionId: string;
  readonly user?: string;
  /** Seconds since 1970; after it the row is dead, whether deleted or not (PX-8). */
  readonly expiresAt: number;
  /** Milliseconds since 1970; until then a 410 may only mean that the handshake is not over (HS-15). */
  readonly handshakeUntil?: number;
}

export interface Connection {
  readonly connectionId: string;
  readonly user?: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** Connections and the set of channels each one is in; the set always covers the connection's subscriptions. */
export interface ConnectionStore {
  /** Writes a new connection together with the subscriptions it is born with. */
  open(connection: Connection, subscriptions: readonly Subscription[]): Promise<void>;
  /** Adds a channel to a connection that still exists and is in fewer than `limit` channels. */
  addChannel(connectionId: string, channel: string, limit: number): Promise<'added' | 'full' | 'gone'>;
  removeChannel(connectionId: string, channel: string): Promise<void>;
  /** Deletes the connection and answers the channels it was in: none if it was not there. */
  remove(connectionId: string): Promise<readonly string[]>;
}

/** Who is subscribed to what. */
export interface SubscriptionStore {
  put(subscription: Subscription): Promise<void>;
  remove(connectionId: string, channels: readonly string[]): Promise<void>;
  /** Every live subscription of the channel, strongly consistent, page after page. */
  of(channel: string, now: number): AsyncIterable<Subscription>;
}

/** The way to clients: the gateway's management API. */
export interface Outbound {
  /** `gone` is the platform's 410; everything else that goes wrong is thrown. */
  post(connectionId: string, frame: Uint8Array): Promise<'sent' | 'gone'>;
  /** Closes the connection from this side; one that is gone already is fine. */
  disconnect(connectionId: string): Promise<void>;
}

/** All of it. */
export interface Ports {
  readonly connections: ConnectionStore;
  readonly subscriptions: SubscriptionStore;
  readonly channelLog: LogStore;
  readonly outbound: Outbound;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** The structured log: a sentence and chosen fields. Never a frame, a token or a header. */
export interface Log {
  warn(message: string, fields: Readonly<Record<string, string | number>>): void;
  error(message: string, fields: { readonly error: Error; readonly requestId: string }): void;
}
