/** A device with the client on it: its clock, its link, and the sleep in which nothing on it runs. */

import type { Cancel, Clock } from 'fanfare-client';
import { Link, type LinkShape } from './link.ts';
import type { VirtualTime } from './virtual-time.ts';

/** When every run begins. Milliseconds since 1970. */
const BEGINNING = Date.UTC(2026, 10, 30);

export class Device implements Clock {
  readonly link: Link;
  readonly #time: VirtualTime;
  /** How far the time of day was set forward. Milliseconds. */
  #setForwardMs = 0;
  /** What waits for the end of the sleep; `undefined` while the device is awake. */
  #postponed: (() => void)[] | undefined;

  constructor(time: VirtualTime, shape: LinkShape, random: () => number) {
    this.#time = time;
    this.link = new Link(time, shape, random);
  }

  /** Steady time, which no person and no time server sets. */
  now(): number {
    return BEGINNING + this.#time.now;
  }

  /** The time of day. */
  date(): number {
    return this.now() + this.#setForwardMs;
  }

  setClock(forwardMs: number): void {
    this.#setForwardMs += forwardMs;
  }

  after(ms: number, run: () => void): Cancel {
    let isCancelled = false;
    const cancel = this.#time.at(this.#time.now + ms, () => this.wake(() => isCancelled || run()));
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  wake(run: () => void): void {
    if (this.#postponed) this.#postponed.push(run);
    else run();
  }

  /** The page is frozen: due timers and arriving frames wait. */
  suspend(): void {
    this.#postponed ??= [];
  }

  resume(): void {
    const postponed = this.#postponed ?? [];
    this.#postponed = undefined;
    for (const run of postponed) run();
  }
}
