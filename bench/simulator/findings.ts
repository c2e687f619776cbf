/** Makes sentences about quotas from the figures of the runs. */

import { platform } from './assumptions.ts';
import { billOf } from './bill.ts';
import { bindingOf } from './binding.ts';
import { runOf } from './comparisons.ts';
import { count, dollars, seconds } from './formatted.ts';
import type { Run, Runs } from './runs.ts';
import { byDefault, raisedMost, type Scenario, SIZES, scenarios } from './scenarios.ts';

export function findings(runs: Runs): string {
  const settled = scenarios.flatMap((scenario) => runs.ours.get(scenario) ?? []);
  return [
    ...scenarios.map((scenario) => budgetFinding(scenario, runs.ours.get(scenario) ?? [])),
    burstFinding(runs),
    lambdaFinding(settled),
    startFinding(runs),
    moneyFinding(runs),
  ]
    .map((finding) => `- ${finding}`)
    .join('\n');
}

function budgetFinding(scenario: Scenario, runs: readonly Run[]): string {
  const first = runs.find((run) => bindingOf(run, scenario) === 'budget');
  const last = runs.at(-1);
  if (!first || !last) return `**${scenario.name}**: its budget never binds.`;
  const ideal = (last.size * 1000) / scenario.postsPerSecond;
  return `**${scenario.name}**: the budget of ${count(scenario.postsPerSecond)} posts a second binds from ${count(first.size)} subscribers on. ${count(last.size)} take ${seconds(last.tally.lastSentMs)} seconds, and ${seconds(ideal)} at best.`;
}

function burstFinding({ ours }: Runs): string {
  const refused = sum([...ours.values()].flat(), ({ tally }) => tally.throttled);
  const excess = Math.max(
    ...[...ours].flatMap(([{ postsPerSecond }, runs]) =>
      runs.map(({ tally }) => tally.peakPostsPerSecond() / postsPerSecond),
    ),
  );
  return `**Burst of ${count(platform.burst.value)}**: ${refused === 0 ? 'never used up' : `used up, with ${count(refused)} refused posts`}. Batches of a lane overlap a little, so that the busiest second had ${percent(excess)} of the budget; the burst is what pays for it.`;
}

function lambdaFinding(runs: readonly Run[]): string {
  const atOnce = Math.max(...runs.map(({ tally }) => tally.peakRunning));
  const cold = Math.max(...runs.map(({ tally }) => tally.coldStarts));
  return `**Lambda**: at most ${atOnce} functions at once, of ${count(platform.lambdaConcurrency.value)} by default, and ${cold} new environments in a whole broadcast, of ${count(platform.newEnvironmentsPerTenSeconds.value)} in ten seconds. Neither binds; in a new account the first may (below).`;
}

function startFinding({ ours }: Runs): string {
  const [wide] = SIZES.filter((size) => size > 1_000);
  const run = runOf(ours, raisedMost, wide ?? 0);
  return run
    ? `**Starting**: ${count(run.size)} subscribers take ${seconds(run.tally.lastSentMs)} seconds even at ${count(raisedMost.postsPerSecond)} posts a second: that is the time until the new workers have started.`
    : '';
}

function moneyFinding({ ours }: Runs): string {
  const run = runOf(ours, byDefault, SIZES.at(-1) ?? 0);
  if (!run) return '';
  const { gateway, lambda, dynamo, total } = billOf(run.tally);
  return `**Money**: ${count(run.size)} deliveries cost ${dollars(total)} dollars, of which ${percent(gateway / total)} are API Gateway's messages; Lambda takes ${dollars(lambda)} and DynamoDB ${dollars(dynamo)}. To be faster costs nothing; a frame of more than 32 KB costs a message more for each 32 KB that it has begun.`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
