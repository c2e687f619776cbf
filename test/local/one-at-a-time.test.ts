import { describe, expect, it } from 'vitest';
import { oneAtATime } from '../../packages/local/src/one-at-a-time.ts';

/** A task that waits each time until it is let on. */
function heldTask() {
  const held: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const task = async () => {
    running++;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => held.push(resolve));
    running--;
  };
  return { task, held, most: () => most };
}

describe('one at a time', () => {
  it('runs a task exactly once more after several requests while it runs', async () => {
    const { task, held, most } = heldTask();
    const run = oneAtATime(task);
    const first = run();
    const others = [run(), run(), run()];
    held[0]?.();
    await new Promise(setImmediate);
    expect(held).toHaveLength(2);
    held[1]?.();
    await Promise.all([first, ...others]);

    expect([held.length, most()]).toEqual([2, 1]);
  });

  it('runs it anew when it is asked for later', async () => {
    let runs = 0;
    const run = oneAtATime(async () => void runs++);
    await run();
    await run();

    expect(runs).toBe(2);
  });
});
