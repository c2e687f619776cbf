/** The timers of a page in virtual time: a minute of a thousand clients passes as fast as they compute. */

import { setImmediate as nextTurn } from 'node:timers/promises';

type Run = () => void;

export class VirtualTimers {
  #now: number;
  #lastId = 0;
  /** Of the timers that are set: when they are due. */
  readonly #dueOf = new Map<number, number>();
  readonly #at = new Map<number, Map<number, Run>>();

  /** @param startsAt milliseconds since 1970. */
  constructor(startsAt: number) {
    this.#now = startsAt;
  }

  readonly now = (): number => this.#now;

  /** Replaces those of the platform. The delay may be missing, as in browsers. */
  readonly globals = {
    setTimeout: (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
      this.#set(this.#newId(), ms, () => run(...args)),
    setInterval: (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const id = this.#newId();
      const again = () => {
        this.#set(id, ms, again);
        run(...args);
      };
      return this.#set(id, ms, again);
    },
    clearTimeout: (id?: number) => this.#clear(id),
    clearInterval: (id?: number) => this.#clear(id),
  };

  /** Lets time pass, and all promises settle after each of its milliseconds. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await nextTurn();
    while (this.#now < end) {
      this.#now += 1;
      const due = this.#at.get(this.#now);
      if (!due) continue;
      for (const [id, run] of due) {
        this.#clear(id);
        run();
      }
      this.#at.delete(this.#now);
      await nextTurn();
    }
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #set(id: number, ms: number | undefined, run: Run): number {
    const due = this.#now + Math.max(1, Math.ceil(ms ?? 0));
    const sameTime = this.#at.get(due) ?? new Map<number, Run>();
    this.#at.set(due, sameTime.set(id, run));
    this.#dueOf.set(id, due);
    return id;
  }

  #clear(id = 0): void {
    this.#at.get(this.#dueOf.get(id) ?? 0)?.delete(id);
    this.#dueOf.delete(id);
  }
}
