import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_CONNECTION } from '../../../packages/local/src/functions/fair-queue.ts';
import { FloodWatch } from '../../../packages/local/src/functions/flood-watch.ts';

function watchThatSaw(party: string, times: number): FloodWatch {
  const watch = new FloodWatch();
  for (let n = 0; n < times; n++) watch.saw(party);
  return watch;
}

describe('the watch for floods', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('counts more than forty events in a second as a flood', () => {
    expect(watchThatSaw('page', 40).floods('page')).toBe(false);
    expect(watchThatSaw('flood', 41).floods('flood')).toBe(true);
  });

  it('counts each party alone, and never the events without a connection', () => {
    expect(watchThatSaw('flood', 41).floods('page')).toBe(false);
    expect(watchThatSaw(NO_CONNECTION, 41).floods(NO_CONNECTION)).toBe(false);
  });

  it('adds up at most one second', () => {
    const watch = watchThatSaw('page', 40);
    vi.advanceTimersByTime(1_000);
    for (let n = 0; n < 40; n++) watch.saw('page');

    expect(watch.floods('page')).toBe(false);
  });

  it('remembers a flood into the next second, and no longer', () => {
    const watch = watchThatSaw('flood', 41);
    vi.advanceTimersByTime(1_000);
    const next = watch.floods('flood');
    vi.advanceTimersByTime(1_000);

    expect([next, watch.floods('flood')]).toEqual([true, false]);
  });

  it('forgets all parties after two quiet seconds', () => {
    const watch = watchThatSaw('flood', 41);
    vi.advanceTimersByTime(2_000);

    expect(watch.floods('flood')).toBe(false);
  });
});
