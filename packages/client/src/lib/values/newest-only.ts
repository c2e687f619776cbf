/** Writes of names that come faster than they land: one of a name is under way, and behind it only the newest waits. */

import type { Published } from '../channel/outbox.ts';
import type { Timers } from '../platform/clock.ts';

type Write = () => Promise<Published>;

/** The newest write that waits. Those that it has replaced have its result. */
interface Waiting {
  write: Write;
  everyMs: number;
  readonly done: Promise<Published>;
  settle(result: Promise<Published>): void;
}

/** A name with a write under way. */
interface Slot {
  waiting?: Waiting | undefined;
}

export class NewestOnly {
  readonly #timers: Timers;
  readonly #slots = new Map<string, Slot>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /**
   * Writes at once, or when the write of the name that is under way has its result and `everyMs` have passed since it began. Until then, a
   * later call takes its place.
   */
  async latest(name: string, write: Write, everyMs: number): Promise<Published> {
    const slot = this.#slots.get(name);
    if (slot) return wait(slot, write, everyMs);
    const done = write();
    void this.#follow(name, {}, done, everyMs);
    return done;
  }

  /** Writes at once. A write that waits would overwrite this one, so it is left out, and has the result of this one. */
  async always(name: string, write: Write): Promise<Published> {
    const slot = this.#slots.get(name);
    const done = write();
    slot?.waiting?.settle(done);
    if (slot) slot.waiting = undefined;
    return done;
  }

  async #follow(name: string, slot: Slot, done: Promise<Published>, everyMs: number): Promise<void> {
    this.#slots.set(name, slot);
    const began = this.#timers.now();
    // Its caller gets the failure.
    await done.catch(() => {});
    const leftMs = everyMs - (this.#timers.now() - began);
    if (leftMs > 0) await this.#timers.pause(leftMs);
    const next = slot.waiting;
    this.#slots.delete(name);
    if (!next) return;
    next.settle(next.write());
    void this.#follow(name, {}, next.done, next.everyMs);
  }
}

function wait(slot: Slot, write: Write, everyMs: number): Promise<Published> {
  if (slot.waiting) Object.assign(slot.waiting, { write, everyMs });
  slot.waiting ??= newWaiting(write, everyMs);
  return slot.waiting.done;
}

function newWaiting(write: Write, everyMs: number): Waiting {
  let settle: Waiting['settle'] = () => {};
  const done = new Promise<Published>((resolve) => {
    settle = resolve;
  });
  return { write, everyMs, done, settle };
}
