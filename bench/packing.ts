/** What packed delivery saves, and the latency that it costs: the deployed code on a simulated platform. */

import { writeFile } from 'node:fs/promises';
import {
  ALL_RATES,
  type Figures,
  MOST_RUN,
  packingPage,
  packingPlot,
  SIZES,
  WAYS,
  WIDEST_RUN,
} from './packing/packing-page.ts';
import { runTraffic, type TrafficFigures } from './packing/packing-run.ts';
import { publishPage } from './report.ts';
import { measuredCost } from './simulator/measured-cost.ts';

const SEED = 1;

export async function benchPacking(): Promise<void> {
  const { oursMicrosPerPost } = await measuredCost();
  const measured = new Map<string, TrafficFigures>();
  for (const { name, delivery } of WAYS)
    for (const messagesPerSecond of ALL_RATES)
      for (const subscribers of SIZES) {
        const isTooMuch = delivery === 'direct' && messagesPerSecond * subscribers > MOST_RUN;
        if (subscribers > WIDEST_RUN || isTooMuch) continue;
        const traffic = { messagesPerSecond, subscribers, delivery };
        const conditions = { cpuMicrosPerPost: oursMicrosPerPost, seed: SEED };
        measured.set(key(name, messagesPerSecond, subscribers), await runTraffic(traffic, conditions));
      }
  const figures: Figures = ({ name }, rate, size) => measured.get(key(name, rate, size));
  await writeFile(new URL('../docs/benchmarks/packing.svg', import.meta.url), packingPlot(figures));
  await publishPage('packing', packingPage(figures));
}

function key(...of: readonly (string | number)[]): string {
  return of.join(' ');
}
