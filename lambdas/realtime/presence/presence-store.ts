/** The stored presence of users in channels. Each method is one request. */

import type { Presence } from './presence-state.ts';

/** A user in a channel. */
export interface MemberKey {
  readonly channel: string;
  readonly user: string;
}

export interface PresencePage {
  readonly rows: readonly (MemberKey & Presence)[];
  /** Pass it as `after` to read the next page. Absent on the last page. */
  readonly next?: string;
}

export interface PresenceStore {
  /** Strongly consistent. */
  read(key: MemberKey): Promise<Presence | undefined>;
  /**
   * Writes all fields except `announced` and `reported`, if no other worker has written since: the revision is one more than the stored one.
   *
   * @param expiresAt when it may be deleted. Seconds since 1970.
   */
  write(key: MemberKey, presence: Presence, expiresAt: number): Promise<boolean>;
  /**
   * Marks a version as posted to observers, and with `isReported` as sent to EventBridge, too. An earlier version changes nothing, and
   * a deleted row stays deleted.
   */
  announced(key: MemberKey, version: number, isReported: boolean): Promise<void>;
  /** The users of a channel in the order of their ids, including gone users; strongly consistent. */
  page(channel: string, after?: string): Promise<PresencePage>;
}

/** Starts functions that wait until users have lingered. */
export interface Farewells {
  /** Has each of the users checked when their linger is over, at least once. */
  start(lingering: readonly LingeringUser[]): Promise<void>;
}

export interface LingeringUser extends MemberKey {
  /** Milliseconds since 1970. */
  readonly until: number;
}
