/** The sender of a message. Retry keys belong to their sender: each sender has keys of its own in each channel. */

import { createHash } from 'node:crypto';
import type { Session } from '../access/session.ts';
import { isHttpConnection, sessionKeyIn } from '../connections/http-sessions.ts';

/**
 * | kind | id |
 * | --- | --- |
 * | `user` | the user |
 * | `server` | the subject of its token for the HTTP API |
 * | `principal` | the unique id of the IAM user or role that signed its request to the HTTP API |
 * | `events` | empty: all events that are published have one sender |
 * | `action` | the name of an action of the application's own, whose handler publishes |
 * | `client` | the hash of the name that an anonymous client made up for itself |
 * | `session` | an anonymous session over HTTP that named no client, through all its openings |
 * | `connection` | an anonymous socket that named no client |
 */
export interface Sender {
  readonly kind: 'user' | 'server' | 'principal' | 'events' | 'action' | 'client' | 'session' | 'connection';
  readonly id: string;
}

/** A retry key and whose it is. */
export interface SenderKey {
  readonly sender: Sender;
  readonly key: string;
}

export const EVENTS: Sender = { kind: 'events', id: '' };

/** A client name does not matter for a user: two users whose clients have the same name are two senders. */
export function senderOf({
  user,
  client,
  connectionId,
}: Pick<Session, 'user' | 'client' | 'connectionId'>): Sender {
  if (user !== undefined) return { kind: 'user', id: user };
  if (client !== undefined) return { kind: 'client', id: client };
  if (isHttpConnection(connectionId)) return { kind: 'session', id: sessionKeyIn(connectionId) };
  return { kind: 'connection', id: connectionId };
}

/** The name of the sender that subscribers see. Servers and anonymous clients have no name. */
export function authorOf({ kind, id }: Sender): string | undefined {
  return kind === 'user' ? id : undefined;
}

/**
 * The stored form of a key. Users and keys may hold any character, so they are encoded as JSON, which no two lists share, and
 * hashed, which bounds the length: a key of DynamoDB holds 2 KB. No channel name has a `#`.
 */
export function publishKeyOf(channel: string, { sender: { kind, id }, key }: SenderKey): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([kind, id, key]))
    .digest('base64url');
  return `${channel}#${hash}`;
}
