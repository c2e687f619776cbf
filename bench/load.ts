/** What many broadcasts at once ask of one account: the deployed code on a simulated account. */

import { figuresOf, type LoadFigures } from './load/load-figures.ts';
import { loadPage } from './load/load-page.ts';
import { runLoad } from './load/load-run.ts';
import { type ComeBackFigures, runComeBack } from './load/streams/come-back.ts';
import { runJoins } from './load/streams/joins.ts';
import { comeBacks, joins, type NamedComeBack } from './load/streams/scenarios.ts';
import { type Workload, workloads } from './load/workloads.ts';
import { publishPage } from './report.ts';
import { measuredCost } from './simulator/measured-cost.ts';

const SEED = 1;

export async function benchLoad(): Promise<void> {
  const { oursMicrosPerPost } = await measuredCost();
  const conditions = { cpuMicrosPerPost: oursMicrosPerPost, seed: SEED };
  const loads = new Map<Workload, LoadFigures>();
  for (const workload of workloads) loads.set(workload, figuresOf(await runLoad(workload, conditions)));
  const joined = await runJoins(joins, conditions);
  const returned = new Map<NamedComeBack, ComeBackFigures>();
  for (const comeBack of comeBacks) returned.set(comeBack, await runComeBack(comeBack, conditions));
  await publishPage('load', loadPage({ loads, joined, returned }));
}
