/** When to look whether a better transport works. */

import { expect, it } from 'vitest';
import { probeDelayMs } from '../../../packages/client/src/lib/fallback/probe-policy.ts';

const POLICY = { baseMs: 30_000, capMs: 300_000 };

it('the delay doubles from the first up to the cap', () => {
  const delays = [0, 1, 2, 3, 4, 1_000].map((probes) => probeDelayMs(probes, POLICY, 0));

  expect(delays).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
});

it('the delay is spread over its second half', () => {
  expect([0, 0.5, 1].map((random) => probeDelayMs(0, POLICY, random))).toEqual([30_000, 22_500, 15_000]);
});
