import { describe, expect, it } from 'vitest';
import { packingPage } from '../../bench/packing/packing-page.ts';
import { runTraffic, type Traffic } from '../../bench/packing/packing-run.ts';

const CONDITIONS = { cpuMicrosPerPost: 60, seed: 1 };
const SUBSCRIBERS = 100;

const run = (delivery: Traffic['delivery']) =>
  runTraffic({ messagesPerSecond: 20, subscribers: SUBSCRIBERS, delivery }, CONDITIONS);

describe('20 messages a second', () => {
  it('are 20 posts a second to each subscriber when they are direct', async () => {
    const { postsPerSecond, billedPerSecond, latencyMs } = await run('direct');

    expect([postsPerSecond, billedPerSecond]).toEqual([20 * SUBSCRIBERS, 20 * SUBSCRIBERS + 40]);
    expect(latencyMs.p99).toBeLessThan(300);
  });

  it('are at most one post a second to each subscriber when they are packed by the second', async () => {
    const { framesPerSecond, latencyMs } = await run({ windowSeconds: 1 });

    expect(framesPerSecond).toBeLessThanOrEqual(1.1);
    expect(framesPerSecond).toBeGreaterThan(0.5);
    expect(latencyMs.p99).toBeLessThan(2_000);
  });

  it('are a quarter of what API Gateway bills, or less, with the shortest window', async () => {
    // One after the other, because each replaces `Math.random`.
    const direct = await run('direct');
    const packed = await run({ windowSeconds: 0 });

    expect(packed.billedPerSecond / direct.billedPerSecond).toBeLessThanOrEqual(0.25);
  });
});

describe('the page', () => {
  it('says which cells were not run, and computes their posts from the frames of the widest run', () => {
    const figures = {
      framesPerSecond: 2,
      postsPerSecond: 2_000,
      billedPerSecond: 2_040,
      latencyMs: { median: 300, p99: 700 },
    };
    const page = packingPage((_way, _rate, size) => (size > 1_000 ? undefined : figures));

    expect(page).toContain('| 100,000 | packed, window 0 | 200,000 | 40 times | not run | not run |');
    expect(page).toContain('| 1,000 | packed, window 0 | 2,000 | 40 % | 300 | 700 |');
  });
});
