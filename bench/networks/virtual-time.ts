/** Time of a run: it stands still while code has work left, and then jumps to the next event. */

import { setImmediate as nextTurn } from 'node:timers/promises';

/** Time, as a link needs it: virtual, or that of this machine. Milliseconds. */
export interface Time {
  readonly now: number;
  /** Returns the function that cancels it. */
  at(time: number, run: () => void): () => void;
}

interface Event {
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

export class VirtualTime implements Time {
  now = 0;
  #order = 0;
  /** A binary heap: the next event is first. */
  readonly #events: Event[] = [];

  at(time: number, run: () => void): () => void {
    this.#order += 1;
    const event = { due: Math.max(time, this.now), order: this.#order, run, isCancelled: false };
    this.#events.push(event);
    this.#rise(this.#events.length - 1);
    return () => {
      event.isCancelled = true;
    };
  }

  /** Lets time pass. Events of one moment run in the order in which they were planned. */
  async passUntil(end: number): Promise<void> {
    await nextTurn();
    for (let next = this.#events[0]; next && next.due <= end; next = this.#events[0]) {
      this.#removeFirst();
      if (next.isCancelled) continue;
      this.now = next.due;
      next.run();
      // A turn of the event loop ends when no promise has anything left to do.
      await nextTurn();
    }
    this.now = end;
  }

  #removeFirst(): void {
    const last = this.#events.pop();
    if (!last || this.#events.length === 0) return;
    this.#events[0] = last;
    this.#sink();
  }

  #rise(from: number): void {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (!this.#swapUnlessSorted(parent, index)) return;
      index = parent;
    }
  }

  #sink(): void {
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = isBefore(this.#events[right], this.#events[left]) ? right : left;
      if (!this.#swapUnlessSorted(index, child)) return;
      index = child;
    }
  }

  #swapUnlessSorted(upper: number, lower: number): boolean {
    const [above, below] = [this.#events[upper], this.#events[lower]];
    if (!above || !below || !isBefore(below, above)) return false;
    this.#events[upper] = below;
    this.#events[lower] = above;
    return true;
  }
}

function isBefore(one: Event | undefined, other: Event | undefined): boolean {
  if (!one || !other) return false;
  return one.due === other.due ? one.order < other.order : one.due < other.due;
}
