/** What many broadcasts at once ask of one account: the deployed code on a simulated account. */

import { figuresOf, type LoadFigures } from './load/load-figures.ts';
import { loadPage } from './load/load-page.ts';
import { runLoad } from './load/load-run.ts';
import { type Workload, workloads } from './load/workloads.ts';
import { publishPage } from './report.ts';
import { measuredCost } from './simulator/measured-cost.ts';

const SEED = 1;

export async function benchLoad(): Promise<void> {
  const { oursMicrosPerPost } = await measuredCost();
  const measured = new Map<Workload, LoadFigures>();
  for (const workload of workloads) {
    const run = await runLoad(workload, { cpuMicrosPerPost: oursMicrosPerPost, seed: SEED });
    measured.set(workload, figuresOf(run));
  }
  await publishPage('load', loadPage(measured));
}
