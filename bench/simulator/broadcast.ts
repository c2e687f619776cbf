/** How long a broadcast takes and what it costs, from one subscriber to a million: the real plan on a simulated platform. */

import { writeFile } from 'node:fs/promises';
import { publishPage } from '../report.ts';
import { broadcastPage, broadcastPlot } from './broadcast-page.ts';
import { measuredCost } from './measured-cost.ts';
import { runAll } from './runs.ts';

export async function benchSimulator(): Promise<void> {
  const runs = await runAll(await measuredCost());
  await writeFile(new URL('../../docs/benchmarks/broadcast.svg', import.meta.url), broadcastPlot(runs));
  await publishPage('broadcast', broadcastPage(runs));
}
