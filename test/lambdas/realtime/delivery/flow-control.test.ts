import { describe, expect, it } from 'vitest';
import { ContainerPace, MOST_IN_FLIGHT } from '../../../../lambdas/realtime/delivery/container-pace.ts';
import { FlowControl } from '../../../../lambdas/realtime/delivery/flow-control.ts';

const BUDGET = 5_000;

/** Posts for a time against a limit that refuses what is above it. Returns the outcome of each second. */
function seconds(flow: FlowControl, count: number, allowedPerSecond: number, from = 0) {
  const result: { accepted: number; throttled: number }[] = [];
  for (let second = 0; second < count; second++) {
    const outcome = { accepted: 0, throttled: 0 };
    for (let ms = 0; ms < 1_000; ms++) {
      const now = from + second * 1_000 + ms;
      while (flow.waitFor(now) === 0) {
        flow.started();
        if (outcome.accepted < (allowedPerSecond * (ms + 1)) / 1_000) {
          outcome.accepted += 1;
          flow.accepted(now);
        } else {
          outcome.throttled += 1;
          flow.throttled(now);
        }
      }
    }
    result.push(outcome);
  }
  return result;
}

describe('flow control', () => {
  it('spends exactly its budget while no post is refused', () => {
    const [first, second] = seconds(new FlowControl(BUDGET, 0), 2, Number.POSITIVE_INFINITY);

    expect(first?.accepted).toBeLessThanOrEqual(BUDGET * 1.02);
    expect(first?.accepted).toBeGreaterThan(BUDGET * 0.95);
    expect(second?.accepted).toBeLessThanOrEqual(BUDGET);
  });

  it('lets a post start exactly when it said that one may', () => {
    const flow = new FlowControl(1_000, 0);
    let now = 0;
    for (let post = 0; post < 500; post++) {
      now += flow.waitFor(now);
      expect(flow.waitFor(now)).toBe(0);
      flow.started();
      flow.accepted(now);
    }
  });

  it('finds a lower quota, and uses nearly all of it with few refusals', () => {
    const [, ...settled] = seconds(new FlowControl(BUDGET, 0), 6, 2_000);

    expect(settled).toHaveLength(5);
    for (const { accepted, throttled } of settled) {
      expect(accepted).toBeGreaterThan(1_900);
      expect(throttled).toBeLessThan(500);
    }
  });

  it('notices within seconds that there is more again', () => {
    const flow = new FlowControl(BUDGET, 0);
    seconds(flow, 3, 500);

    const [, , third] = seconds(flow, 3, Number.POSITIVE_INFINITY, 3_000);

    expect(third?.accepted).toBeGreaterThan(BUDGET * 0.95);
  });

  it('begins at the pace that an earlier worker has found', () => {
    const flow = new FlowControl(BUDGET, 0, { pace: 500 });

    expect(flow.isHeldBack).toBe(true);
    const [first] = seconds(flow, 1, 500);

    expect(first?.accepted).toBeGreaterThan(450);
    expect(first?.throttled).toBeLessThan(200);
  });

  it('does not slow down for a few clients that read slowly (MG-10)', () => {
    const flow = new FlowControl(BUDGET, 0);
    for (let now = 0; now < 2_000; now++) {
      if (now % 50 === 0) flow.throttled(now);
      while (flow.waitFor(now) === 0) {
        flow.started();
        flow.accepted(now);
      }
    }

    expect(flow.waitFor(2_010)).toBe(0);
    const [next] = seconds(flow, 1, Number.POSITIVE_INFINITY, 2_010);
    expect(next?.accepted).toBeGreaterThan(BUDGET * 0.95);
  });

  it('goes on slowly when every post is refused', () => {
    const flow = new FlowControl(BUDGET, 0);
    seconds(flow, 2, 0);

    const [later] = seconds(flow, 1, 0, 2_000);

    expect(later?.throttled).toBeGreaterThan(0);
    expect(later?.throttled).toBeLessThan(100);
  });

  it('has more posts in flight after successes, up to a limit, and fewer after failures', () => {
    const flow = new FlowControl(BUDGET, 0);
    const first = flow.inFlight;
    for (let n = 0; n < 1_000; n++) flow.accepted(0);
    expect([flow.inFlight, MOST_IN_FLIGHT]).toEqual([128, 128]);

    for (let n = 0; n < 1_000; n++) flow.failed(0);

    expect(flow.inFlight).toBeLessThan(first);
    expect(flow.inFlight).toBeGreaterThan(0);
  });
});

describe('the pace of a container', () => {
  it('is what the last broadcast found, when the next one begins at once', () => {
    const container = new ContainerPace();
    seconds(new FlowControl(BUDGET, 0, { container }), 3, 500);

    const [next] = seconds(new FlowControl(BUDGET, 3_000, { container }), 1, 500, 3_000);

    expect(next?.accepted).toBeGreaterThan(400);
    expect(next?.throttled).toBeLessThan(200);
  });

  it('doubles in each second without a post, up to the budget', () => {
    const container = new ContainerPace();
    seconds(new FlowControl(BUDGET, 0, { container }), 2, 0);
    const { pace } = container;

    const [after2, after20] = [4_000, 22_000].map((now) => new FlowControl(BUDGET, now, { container }).pace);

    expect(after2).toBeGreaterThan(2 * pace);
    expect(after2).toBeLessThan(8 * pace);
    expect(after20).toBe(BUDGET);
  });

  it('is that of the worker before, if the container has posted nothing for a second', () => {
    const container = new ContainerPace();
    seconds(new FlowControl(BUDGET, 0, { container }), 1, Number.POSITIVE_INFINITY);

    expect(new FlowControl(BUDGET, 1_100, { container, pace: 300 }).pace).toBe(BUDGET);
    expect(new FlowControl(BUDGET, 4_000, { container, pace: 300 }).pace).toBe(300);
  });

  it('is shared by broadcasts at the same time', () => {
    const container = new ContainerPace();
    const both = [1, 2].map(() => new FlowControl(1_000, 0, { container }));
    let started = 0;
    for (let now = 0; now < 1_000; now++) {
      for (const flow of both) {
        while (flow.waitFor(now) === 0) {
          flow.started();
          flow.accepted(now);
          started += 1;
        }
      }
    }

    expect(started).toBeLessThan(1_020);
    expect(both.map(({ acceptedCount }) => acceptedCount).every((count) => count < 1_020)).toBe(true);
  });

  it('is over the quota when ten connections in a row were refused, however slowly', () => {
    const container = new ContainerPace();
    const flow = new FlowControl(BUDGET, 0, { container });
    for (let refusal = 0; refusal < 9; refusal++) flow.throttled(refusal * 10_000);
    expect(flow.isOverQuota(100_000)).toBe(false);

    flow.throttled(100_000);
    expect(flow.isOverQuota(100_000)).toBe(true);

    flow.accepted(100_001);
    expect(flow.isOverQuota(100_001)).toBe(false);
  });

  it('is not over the quota for one connection that is refused again and again', () => {
    const flow = new FlowControl(BUDGET, 0);
    for (let attempt = 0; attempt < 100; attempt++) flow.throttled(attempt * 1_000, attempt === 0);

    expect(flow.isOverQuota(100_000)).toBe(false);
  });
});
