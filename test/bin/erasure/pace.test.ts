import { describe, expect, it } from 'vitest';
import { paceOf } from '../../../bin/erasure/pace.ts';

/** A pace of a hundred units a second, and the time that passes only while it waits. */
function pacedClock() {
  const clock = { now: 0 };
  const wait = async (ms: number) => {
    clock.now += ms;
  };
  return { clock, pace: paceOf(100, () => clock.now, wait) };
}

describe('the pace', () => {
  it('waits until the units are within the limit of a second', async () => {
    const { clock, pace } = pacedClock();

    await pace.spend(50);
    await pace.spend(100);

    expect(clock.now).toBe(1_500);
  });

  it('saves nothing up while it has nothing to do', async () => {
    const { clock, pace } = pacedClock();

    await pace.spend(100);
    clock.now += 60_000;
    await pace.spend(100);

    expect(clock.now).toBe(62_000);
  });
});
