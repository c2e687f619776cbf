/**
 * Who is in a channel, put together from lists that were asked for and from what was pushed meanwhile. Frames come late,
 * twice and in any order; `at` tells which of two words about a user is the newer one.
 */

import type { Member } from './wire/server-frame.ts';

interface Word {
  readonly at: number;
  /** Nobody, of who has left. */
  readonly member: Member | undefined;
  /** Pushed since the last list was asked for, and so not necessarily in it. */
  isFresh: boolean;
}

/** No frame is this late: who left so long before the newest event is forgotten. Milliseconds. */
const REMEMBERED_MS = 10 * 60_000;

export class MemberList {
  readonly #words = new Map<string, Word>();

  /** Everybody who is there, each once. */
  get members(): readonly Member[] {
    return [...this.#words.values()].flatMap(({ member }) => member ?? []);
  }

  /** A list is about to be asked for. */
  ask(): void {
    for (const word of this.#words.values()) word.isFresh = false;
  }

  /** Takes what was pushed. Answers whether it was news. */
  hear(event: 'joined' | 'left', member: Member): boolean {
    const { user, at = 0 } = member;
    if (user === undefined || at <= this.#atOf(user)) return false;
    this.#words.set(user, { at, member: event === 'joined' ? member : undefined, isFresh: true });
    return true;
  }

  /** Takes the list that was asked for, whole. Who is not in it is gone, unless they came since. */
  answer(members: readonly Member[]): void {
    const listed = new Set(members.map(({ user }) => user));
    for (const [user, { at, isFresh }] of this.#words)
      if (!listed.has(user) && !isFresh) this.#words.set(user, { at, member: undefined, isFresh });
    for (const member of members) {
      const { user, at = 0 } = member;
      if (user !== undefined && at >= this.#atOf(user)) this.#words.set(user, { at, member, isFresh: false });
    }
    this.#forgetOld();
  }

  #atOf(user: string): number {
    return this.#words.get(user)?.at ?? -1;
  }

  #forgetOld(): void {
    const newest = Math.max(...[...this.#words.values()].map(({ at }) => at));
    for (const [user, { at, member }] of this.#words)
      if (!member && at < newest - REMEMBERED_MS) this.#words.delete(user);
  }
}
