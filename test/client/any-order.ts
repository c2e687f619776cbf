/** Runs a scenario once for every order in which a server may handle the frames of its clients (OR-2). */

import { settle } from './fake-clock.ts';
import type { FakeServer } from './fake-server.ts';

/** Frames that wait; the explorer handles one of them at a time. */
class Pool {
  readonly frames: (() => void)[] = [];
  /** The index of the chosen frame at each step, and the number of frames to choose from. */
  private readonly choices: { chosen: number; readonly among: number }[] = [];
  private step = 0;

  /** Handles frames until no frame waits. */
  async drain(): Promise<void> {
    await settle();
    while (this.frames.length > 0) {
      const choice = this.choices[this.step] ?? { chosen: 0, among: this.frames.length };
      this.choices[this.step] = choice;
      this.step += 1;
      const [run] = this.frames.splice(choice.chosen, 1);
      run?.();
      await settle();
    }
  }

  /** Goes on to the next order; false when all have been seen. */
  next(): boolean {
    this.step = 0;
    this.frames.length = 0;
    for (let last = this.choices.pop(); last; last = this.choices.pop()) {
      if (last.chosen + 1 < last.among) {
        this.choices.push({ ...last, chosen: last.chosen + 1 });
        return true;
      }
    }
    return false;
  }
}

/** Lets frames wait on a server. Returns a function that handles all waiting frames in the order of this run. */
export type Hold = (server: FakeServer) => () => Promise<void>;

/** @returns how many orders there were. */
export async function inAnyOrder(scenario: (hold: Hold) => Promise<void>): Promise<number> {
  const pool = new Pool();
  const hold: Hold = (server) => {
    server.schedule = (run) => void pool.frames.push(run);
    return () => pool.drain();
  };
  let orders = 0;
  do {
    orders += 1;
    await scenario(hold);
  } while (pool.next());
  return orders;
}
