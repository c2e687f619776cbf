/** Where it is kept who is in which channel: each method is one request. */

import type { Presence } from './presence-state.ts';

/** A user in a channel. */
export interface MemberKey {
  readonly channel: string;
  readonly user: string;
}

export interface PresencePage {
  readonly rows: readonly (MemberKey & Presence)[];
  /** Pass it as `after` for the next page; there is none when it is absent. */
  readonly next?: string;
}

export interface PresenceStore {
  /** Strongly consistent. */
  read(key: MemberKey): Promise<Presence | undefined>;
  /**
   * Writes all but `announced`, if nobody has written since: the revision is one more than the stored one.
   *
   * @param expiresAt when it may be deleted. Seconds since 1970.
   */
  write(key: MemberKey, presence: Presence, expiresAt: number): Promise<boolean>;
  /** Notes that others were told of a version; an earlier one changes nothing, and nor does one of what is deleted. */
  announced(key: MemberKey, version: number): Promise<void>;
  /** The users of a channel in their order, those who are gone among them; strongly consistent. */
  page(channel: string, after?: string): Promise<PresencePage>;
}

/** Functions that wait for who is leaving. */
export interface Farewells {
  /** Has each of them looked at when their time is over, at least once. */
  start(lingering: readonly LingeringUser[]): Promise<void>;
}

export interface LingeringUser extends MemberKey {
  /** Milliseconds since 1970. */
  readonly until: number;
}
