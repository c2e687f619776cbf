/** A scenario on the page: its meaning, and a row for each size of the audience. */

import { markdownTable } from '../report.ts';
import { billOf } from './bill.ts';
import { bindingNames, bindingOf } from './binding.ts';
import { count, dollars, seconds } from './formatted.ts';
import type { Run } from './runs.ts';
import type { Scenario } from './scenarios.ts';

const HEAD = [
  'subscribers',
  'seconds to the last delivery',
  'posts in the busiest second',
  'refused',
  'functions at once',
  'invocations',
  'read units',
  'write units',
  'dollars',
  'bound by',
];

export function scenarioSection(scenario: Scenario, runs: readonly Run[]): string {
  const { name, what, postsPerSecond, quota } = scenario;
  return `### ${name[0]?.toUpperCase()}${name.slice(1)}

${what} Budget: ${count(postsPerSecond)} posts per second; quota: ${count(quota.ratePerSecond)}, and ${count(quota.burst)} at once.

${markdownTable(
  HEAD,
  runs.map((run) => row(run, scenario)),
)}`;
}

function row(run: Run, scenario: Scenario): readonly (string | number)[] {
  const { size, tally } = run;
  return [
    count(size),
    seconds(tally.lastSentMs),
    count(tally.peakPostsPerSecond()),
    count(tally.throttled),
    tally.peakRunning,
    count(tally.invocations),
    count(tally.readUnits),
    count(tally.writeUnits),
    dollars(billOf(tally).total),
    bindingNames[bindingOf(run, scenario)],
  ];
}
