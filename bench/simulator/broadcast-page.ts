/** The page about a broadcast from one subscriber to a million. */

import { markdownTable } from '../report.ts';
import { HANDSHAKE_CPU_MICROS, latencies, platform } from './assumptions.ts';
import { arrivingTable, raisedTable, sdkTable, strainTable } from './comparisons.ts';
import { findings } from './findings.ts';
import { count } from './formatted.ts';
import { type Curve, logLogPlot } from './line-plot.ts';
import { PRICES_AS_OF, prices } from './prices.ts';
import { REPEATED_UP_TO, RUNS, type Run, type Runs } from './runs.ts';
import { scenarioSection } from './scenario-section.ts';
import { raisedMost, scenarios } from './scenarios.ts';
import { STRAINED_SIZE } from './strains.ts';

export function broadcastPage(runs: Runs): string {
  return [
    introduction(runs),
    `## What raising the quota buys\n\nSeconds until the last subscriber's post was accepted.\n\n${raisedTable(runs.ours)}`,
    `## Which quota binds\n\n${findings(runs)}`,
    `## The scenarios\n\n${scenarios.map((scenario) => scenarioSection(scenario, runs.ours.get(scenario) ?? [])).join('\n\n')}`,
    sdkSection(runs),
    arrivingSection(runs),
    strainSection(runs),
    pricesSection(),
    assumptionsSection(runs),
  ].join('\n\n');
}

export function broadcastPlot({ ours, sdk }: Runs): string {
  const curve = (name: string, runs: readonly Run[], isDashed = false): Curve => ({
    name,
    points: runs.map(({ size, tally }) => [size, tally.lastSentMs / 1000]),
    isDashed,
  });
  return logLogPlot(
    [
      ...scenarios.map((scenario) => curve(scenario.name, ours.get(scenario) ?? [])),
      curve('100,000, SDK client', sdk.get(raisedMost) ?? [], true),
    ],
    { title: 'One message to everyone (simulated)', x: 'subscribers', y: 'seconds to the last delivery' },
  );
}

function introduction({ cost: { measuredOn, oursMicrosPerPost, sdkMicrosPerPost } }: Runs): string {
  return `# A broadcast, simulated

**Simulated, not run on AWS.** What plans and posts is the deployed code, unchanged: \`publishLogged\`, \`fanOut\`, \`deliver\`, \`postAll\`
and \`FlowControl\` run against a virtual clock, on ports that stand for the platform. What a post costs a core comes from the
[fan-out benchmark](fan-out.md) of ${measuredOn}, over TLS: ${oursMicrosPerPost} µs, and ${sdkMicrosPerPost} µs with the SDK client, on the machine that ran it. All
other numbers are documented or assumed, and [listed below](#what-it-stands-on). Change them in \`bench/simulator/\` and run
\`npm run bench simulator\`.

One message of almost a KB goes to a channel with history, whose subscribers came a while ago. The publisher is warm and has no
socket open yet; workers have to be started, for none is warm. Up to ${count(REPEATED_UP_TO)} subscribers, each figure is of the median of
${RUNS} runs.

![Seconds to the last delivery, by subscribers and quota](broadcast.svg)`;
}

function sdkSection(runs: Runs): string {
  return `## With the SDK client instead

The same plan, if a post cost the core what it costs with the SDK client. An expensive post shows in functions and money first: the next
worker takes over while the last one is still busy.

${sdkTable(runs)}`;
}

function arrivingSection(runs: Runs): string {
  return `## While a crowd arrives

While a channel grows, rows do not move: who came while it had few shards stays in them until the connection is renewed, within two hours
(KA-6). A crowd that came at ${count(platform.connectsPerSecond.value)} per second just before the broadcast is therefore spread unevenly.

${arrivingTable(runs)}`;
}

function strainSection(runs: Runs): string {
  return `## What if

${count(STRAINED_SIZE)} subscribers, under conditions that are worse than assumed.

${strainTable(runs)}`;
}

function pricesSection(): string {
  return `## Prices

List prices of us-east-1 as of ${PRICES_AS_OF}, without free tiers. Not counted: connection minutes, data transfer, logs.

${markdownTable(
  ['what', 'dollars per million', 'source'],
  Object.values(prices).map(({ what, each, source }) => [what, Number((each * 1e6).toPrecision(6)), source]),
)}`;
}

function assumptionsSection({ cost }: Runs): string {
  const rows = [
    ['What a post costs a core, in µs', cost.oursMicrosPerPost, `measured ${cost.measuredOn}: fan-out.json`],
    ...[HANDSHAKE_CPU_MICROS, ...Object.values(platform)].map(({ what, value, source }) => [
      what,
      count(value),
      source,
    ]),
    ...Object.values(latencies).map(({ what, value: { median, p99 }, source }) => [
      `${what}, in milliseconds`,
      `median ${median}, one in a hundred above ${p99}`,
      source,
    ]),
  ];
  return `## What it stands on

Facts are numbered as in the platform's specification. A core of Lambda (1,769 MB, arm64) is taken to be as fast as one of the
machine that measured. Latencies are log-normal, and time moves in steps of a millisecond. Whether the stage's own throttle
also counts posts, and whether refused posts are billed, is not documented (PX-3): here neither is so.

${markdownTable(['what', 'value', 'source'], rows)}`;
}
