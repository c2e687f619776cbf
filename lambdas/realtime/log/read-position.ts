/** How far a user has read a channel. The server keeps it, so that each of the user's devices continues from there. */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { Retention } from '../access/namespaces.ts';
import type { Session } from '../access/session.ts';

export interface Reader {
  readonly user: string;
  readonly channel: string;
}

export interface ReadPositionStore {
  /**
   * Moves the position forward, and returns the stored position, which is the old one if that is further. The position may be
   * forgotten at `expiresAt`, in seconds since 1970. One conditional write, so other devices may mark at the same time.
   */
  advance(reader: Reader, seq: number, expiresAt: number): Promise<number>;
  /** Strongly consistent; `undefined` if no position was stored, or it was forgotten. */
  read(reader: Reader): Promise<number | undefined>;
  /** Deletes the position, so that the next one may be anywhere. To forget a position that was never stored is fine. */
  forget(reader: Reader): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A position is kept for this much longer than the messages before it. A user who was away for weeks then learns that messages were
 * lost, and a channel whose retention is raised still has the positions of its readers.
 */
const KEPT_LONGER_MS = 30 * DAY_MS;

/**
 * When a position that is marked now may be forgotten. All messages up to it were published before now. So after the channel's
 * retention they are no longer served, and the earliest kept message is behind the position. Seconds since 1970.
 */
export function keptUntil(now: number, { retentionMs }: Retention): number {
  return Math.ceil((now + retentionMs + KEPT_LONGER_MS) / 1000);
}

/** @throws ProtocolError `unauthenticated` for an anonymous connection. */
export function readerOf({ user }: Pick<Session, 'user'>, channel: string): Reader {
  if (user === undefined)
    throw new ProtocolError('unauthenticated', 'Sign in to have a position kept for you.');
  return { user, channel };
}
