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

/** A user whose presence changes at a time: the end of a linger, or of the window in which the user came. */
export interface DueUser extends MemberKey {
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** All users whose `until` is above 0. It follows the stored presence within a second, so a user may be missing who was just written. */
export interface DueList {
  /** Users who are due, the longest overdue first; not all of them if there are thousands. */
  due(now: number): Promise<readonly DueUser[]>;
  /** The time at which the next user is due; `undefined` if the list is empty. */
  next(): Promise<number | undefined>;
}

/** The windows of channels (`window.ts`). */
export interface WindowStore {
  /**
   * Closes the window if it is open, for as long as `fit` has said last.
   *
   * @param openBefore the window counts as open if it opened before this time.
   */
  close(channel: string, times: { readonly now: number; readonly openBefore: number }): Promise<Closing>;
  /** Sets the length of windows of the channel, also of the one that was closed at `closedAt`. */
  fit(channel: string, closedAt: number, lengthMs: number): Promise<void>;
}

export interface Closing {
  /** Whether this call has closed the window, so that the caller may tell changes. */
  readonly isMine: boolean;
  /** When it opens again. Milliseconds since 1970. */
  readonly closedUntil: number;
}

/** The lease of the one function that handles the due list. */
export interface Shift {
  /** Who has it last; empty if it was never taken. */
  readonly worker: string;
  /** When it ends without a renewal. Milliseconds since 1970; 0 if it was ended. */
  readonly until: number;
  /** Rises with each note, so that the worker sees that there is more to do. */
  readonly notes: number;
}

/** Each method is one strongly consistent request. */
export interface ShiftStore {
  /** Notes that the due list has grown. */
  note(): Promise<Shift>;
  /** Takes the shift for a worker if it is free, or renews it; `undefined` if another worker has it. */
  take(worker: string, times: { readonly now: number; readonly until: number }): Promise<Shift | undefined>;
  /** Ends the shift, unless there were notes after those that the worker has seen, or another worker has it. */
  end(worker: string, notes: number): Promise<boolean>;
}

/** Starts executions of the function `farewell`. */
export interface Farewells {
  /** Has each of the users checked now, at least once. */
  start(users: readonly DueUser[]): Promise<void>;
  /** Starts the worker of the due list. */
  startShift(worker: string): Promise<void>;
}
