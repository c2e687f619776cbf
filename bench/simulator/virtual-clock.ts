/** Virtual time for real code: time stands still until no promise has work left, and then jumps to the next event. */

import { setImmediate as nextTurn } from 'node:timers/promises';

/** Time moves in whole milliseconds, like the timers of the functions that run on it. */
export class VirtualClock {
  private time: number;
  private readonly events = new Map<number, (() => void)[]>();

  /** @param startsAt milliseconds since 1970. */
  constructor(startsAt: number) {
    this.time = startsAt;
  }

  readonly now = (): number => this.time;

  readonly pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      this.at(this.time + ms, resolve);
    });

  /** Runs something at a time, rounded up, and at least one millisecond from now: time always moves forward. */
  at(time: number, run: () => void): void {
    const due = Math.max(this.time + 1, Math.ceil(time));
    const sameTime = this.events.get(due);
    if (sameTime) sameTime.push(run);
    else this.events.set(due, [run]);
  }

  /**
   * Lets time go by until no timer is left.
   *
   * @throws Error when the work is not done then, because it waits for an event that will never come.
   */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const watched = work.finally(() => {
      isDone = true;
    });
    // The caller gets a failure when it awaits the result, after the last event.
    watched.catch(() => {});
    await nextTurn();
    while (this.events.size > 0) {
      this.time += 1;
      const due = this.events.get(this.time);
      if (!due) continue;
      this.events.delete(this.time);
      for (const run of due) run();
      // A turn of the event loop ends when no promise has anything left to do.
      await nextTurn();
    }
    if (!isDone) throw new Error('Nothing is left to happen, and the work is not done');
    return watched;
  }
}
