/** The comparisons on the page: scenarios, clients, old and new crowds, and worse conditions. */

import { markdownTable } from '../report.ts';
import { billOf } from './bill.ts';
import { count, dollars, seconds } from './formatted.ts';
import type { Run, Runs, Sweep } from './runs.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { STRAINED_SIZE } from './strains.ts';

export function raisedTable(ours: Sweep): string {
  return markdownTable(
    ['subscribers', ...scenarios.map(({ name }) => name)],
    sizesOf(ours).map((size) => [
      count(size),
      ...scenarios.map((scenario) => lastDelivery(runOf(ours, scenario, size))),
    ]),
  );
}

export function arrivingTable({ ours, arriving }: Runs): string {
  return markdownTable(
    ['subscribers', ...scenarios.map(({ name }) => `${name}: settled, just come`)],
    sizesOf(arriving).map((size) => [
      count(size),
      ...scenarios.map((scenario) =>
        [ours, arriving].map((sweep) => lastDelivery(runOf(sweep, scenario, size))).join(', '),
      ),
    ]),
  );
}

export function sdkTable({ ours, sdk }: Runs): string {
  const rows = [...sdk.keys()].flatMap((scenario) =>
    sizesOf(sdk).map((size) => {
      const pair = [ours, sdk].flatMap((sweep) => runOf(sweep, scenario, size) ?? []);
      return [
        scenario.name,
        count(size),
        ...pair.map(({ tally }) => seconds(tally.lastSentMs)),
        ...pair.map(({ tally }) => tally.peakRunning),
        ...pair.map(({ tally }) => dollars(billOf(tally).lambda)),
      ];
    }),
  );
  const head = ['seconds', 'functions at once', 'dollars for Lambda'];
  return markdownTable(
    ['scenario', 'subscribers', ...head.flatMap((what) => [`${what}, ours`, 'SDK'])],
    rows,
  );
}

export function strainTable({ strained }: Runs): string {
  return markdownTable(
    [
      'scenario',
      'what if',
      'seconds',
      'refused posts',
      'times no environment was free',
      'functions at once',
      'dollars for Lambda',
      'reached',
      'disconnected, to resume',
    ],
    strained.map(({ strain: { what, scenario }, tally }) => [
      scenario.name,
      what,
      seconds(tally.lastSentMs),
      count(tally.throttled),
      count(tally.starvations),
      tally.peakRunning,
      dollars(billOf(tally).lambda),
      `${count(tally.sentTo.reduce((sum, sent) => sum + Math.min(1, sent), 0))} of ${count(STRAINED_SIZE)}`,
      count(tally.letGo.length),
    ]),
  );
}

export function runOf(sweep: Sweep, scenario: Scenario, size: number): Run | undefined {
  return sweep.get(scenario)?.find((run) => run.size === size);
}

function lastDelivery(run: Run | undefined): string {
  return run ? seconds(run.tally.lastSentMs) : '';
}

function sizesOf(sweep: Sweep): readonly number[] {
  const [first = []] = sweep.values();
  return first.map(({ size }) => size);
}
