/** The cost of a delivery in each way, over HTTP or over TLS. */

import { resultOf } from '../child.ts';
import { median } from '../median.ts';
import { costs } from './rounds.ts';
import { startEndpoint } from './start-endpoint.ts';
import type { WayName } from './ways.ts';

interface Cost {
  /** CPU time of all threads: the median of the runs. */
  readonly cpuMicrosPerPost: number;
  readonly postsPerCpuSecond: number;
}

export type CostOfWays = Readonly<Record<WayName, Cost>>;

export const CONNECTIONS = 10_000;
const ROUNDS = 5;

export async function measureCosts(tls: boolean): Promise<CostOfWays> {
  const { close, ...address } = await startEndpoint({ tls });
  const module = new URL('./measure-costs.ts', import.meta.url);
  const measured = await resultOf(module, { ...address, rounds: ROUNDS, connections: CONNECTIONS }, costs, [
    '--expose-gc',
  ]);
  close();
  return {
    sdkUnbounded: costOf(measured.sdkUnbounded),
    sdk: costOf(measured.sdk),
    ours: costOf(measured.ours),
    floor: costOf(measured.floor),
  };
}

function costOf(microsPerPost: readonly number[]): Cost {
  const cost = median(microsPerPost);
  return { cpuMicrosPerPost: Number(cost.toFixed(1)), postsPerCpuSecond: Math.round(1_000_000 / cost) };
}
