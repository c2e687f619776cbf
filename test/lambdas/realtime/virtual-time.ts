/** A clock that stands still until every process waits, and then jumps to the earliest time that one of them waits for. */

import { NOW } from '../../memory/memory-ports.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export class VirtualTime {
  private time = NOW;
  private sleepers: Sleeper[] = [];

  readonly now = (): number => this.time;

  readonly pause = (ms: number): Promise<void> =>
    new Promise((wake) => {
      this.sleepers.push({ at: this.time + ms, wake });
    });

  /** Lets time go by until the promise is settled. */
  async until<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false;
    const settled = promise.finally(() => {
      isSettled = true;
    });
    // The caller that awaits the result receives the failure.
    settled.catch(() => {});
    for (;;) {
      // A macrotask comes after all microtasks, so every process waits then.
      await new Promise((resolve) => setImmediate(resolve));
      if (isSettled) return settled;
      this.advance();
    }
  }

  private advance(): void {
    const next = Math.min(...this.sleepers.map(({ at }) => at));
    if (!Number.isFinite(next)) throw new Error('All processes wait, and none of them for the clock');
    this.time = next;
    const due = this.sleepers.filter(({ at }) => at <= next);
    this.sleepers = this.sleepers.filter(({ at }) => at > next);
    for (const { wake } of due) wake();
  }
}
