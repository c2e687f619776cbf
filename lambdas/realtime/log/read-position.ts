/** How far a user has read a channel, kept for them on the server: whichever device they take next goes on from there. */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { Retention } from '../access/namespaces.ts';
import type { Session } from '../access/session.ts';

export interface Reader {
  readonly user: string;
  readonly channel: string;
}

export interface ReadPositionStore {
  /**
   * Moves the position forward, and answers where it is now: where it was, if that is not before. The position may be forgotten
   * at `expiresAt`, in seconds since 1970. One conditional write, whatever other devices do meanwhile.
   */
  advance(reader: Reader, seq: number, expiresAt: number): Promise<number>;
  /** Strongly consistent; `undefined` where nothing was ever kept, or it was forgotten. */
  read(reader: Reader): Promise<number | undefined>;
  /** Nothing is kept then, and a position may begin anywhere; to forget what was never kept is fine. */
  forget(reader: Reader): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A position without which nobody would see a message again is kept for so much longer: whoever was away for weeks is then
 * told that messages were lost, and a channel that begins to keep its messages for longer finds where its readers were.
 */
const KEPT_LONGER_MS = 30 * DAY_MS;

/**
 * When a position that is marked now may be forgotten. Everything up to it was published before, and so is no longer served when
 * the channel's retention is over: from then on the earliest kept message is behind it. Seconds since 1970.
 */
export function keptUntil(now: number, { retentionMs }: Retention): number {
  return Math.ceil((now + retentionMs + KEPT_LONGER_MS) / 1000);
}

/** @throws ProtocolError `unauthenticated` for a connection of nobody in particular. */
export function readerOf({ user }: Pick<Session, 'user'>, channel: string): Reader {
  if (user === undefined)
    throw new ProtocolError('unauthenticated', 'Sign in to have a position kept for you.');
  return { user, channel };
}
