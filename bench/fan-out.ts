/** Measures one message to many connections: the cost of a delivery, and its outcome when the platform refuses or fails. */

import { measureCosts } from './fan-out/costs.ts';
import { measureFaulty } from './fan-out/faulty.ts';
import { fanOutPage, wayLabels } from './fan-out/page.ts';
import { measurePeaks } from './fan-out/peak-memory.ts';
import { measureThrottled } from './fan-out/throttled.ts';
import { publishBars, publishFigures, publishPage } from './report.ts';

export async function benchFanOut(): Promise<void> {
  const figures = {
    http: await measureCosts(false),
    tls: await measureCosts(true),
    memory: await measurePeaks(),
    throttled: await measureThrottled(),
    faulty: await measureFaulty(),
  };
  await publishFigures('fan-out', figures);
  await publishBars('fan-out', 'Deliveries per second of CPU time', [
    ...wayLabels.map(([way, label]) => [`HTTP, ${label}`, figures.http[way].postsPerCpuSecond] as const),
    ...wayLabels.map(([way, label]) => [`TLS, ${label}`, figures.tls[way].postsPerCpuSecond] as const),
  ]);
  await publishPage('fan-out', fanOutPage(figures));
}
