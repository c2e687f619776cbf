/**
 * The members of a channel, from lists that were read and events that were pushed meanwhile. Frames come late, twice and in any
 * order. `at` decides which of two reports about a user is newer.
 */

import type { Member } from './wire/server-frame.ts';

interface Report {
  readonly at: number;
  /** `undefined` if the user has left. */
  readonly member: Member | undefined;
  /** Pushed since the last list was asked for. The list may be older, and so not contain it. */
  isFresh: boolean;
}

/** No frame is this late. A user who left this long before the newest report is forgotten. Milliseconds. */
const REMEMBERED_MS = 10 * 60_000;

export class MemberList {
  readonly #reports = new Map<string, Report>();

  /** The users of the channel, each once. */
  get members(): readonly Member[] {
    return [...this.#reports.values()].flatMap(({ member }) => member ?? []);
  }

  /** A list will be asked for now. */
  ask(): void {
    for (const report of this.#reports.values()) report.isFresh = false;
  }

  /** Takes a pushed event. Returns whether it was newer than the known state. */
  hear(event: 'joined' | 'left', member: Member): boolean {
    const { user, at = 0 } = member;
    if (at <= this.#atOf(user)) return false;
    this.#reports.set(user, { at, member: event === 'joined' ? member : undefined, isFresh: true });
    return true;
  }

  /** Takes the whole list of a reply. Users who are not in it have left, unless an event came since the request. */
  answer(members: readonly Member[]): void {
    const listed = new Set(members.map(({ user }) => user));
    for (const [user, { at, isFresh }] of this.#reports)
      if (!listed.has(user) && !isFresh) this.#reports.set(user, { at, member: undefined, isFresh });
    for (const member of members) {
      const { user, at = 0 } = member;
      if (at >= this.#atOf(user)) this.#reports.set(user, { at, member, isFresh: false });
    }
    this.#forgetOld();
  }

  #atOf(user: string): number {
    return this.#reports.get(user)?.at ?? -1;
  }

  #forgetOld(): void {
    // Not `Math.max(...list)`: 150,000 arguments overflow the stack.
    let newest = 0;
    for (const { at } of this.#reports.values()) newest = Math.max(newest, at);
    for (const [user, { at, member }] of this.#reports)
      if (!member && at < newest - REMEMBERED_MS) this.#reports.delete(user);
  }
}
