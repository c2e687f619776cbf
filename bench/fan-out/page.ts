/** Writes the page about fan-out: every figure, beside the demanded one. */

import { MOST_IN_FLIGHT } from '../../lambdas/realtime/delivery/container-pace.ts';
import { BATCH_SIZE, WORKER_BUDGET_MS } from '../../lambdas/realtime/delivery/delivery-plan.ts';
import { markdownTable } from '../report.ts';
import { atLeast, atMost, type Bar, barTable, exactly } from './bar.ts';
import { CONNECTIONS, type CostOfWays } from './costs.ts';
import { FAULTY_CONNECTIONS, type Faulty, faults } from './faulty.ts';
import { FRAME_BYTES } from './frame.ts';
import { FEW, HEAP_MEGABYTES, MANY, type Peaks } from './peak-memory.ts';
import { ALLOWED_PER_SECOND, THROTTLED_CONNECTIONS, type Throttled } from './throttled.ts';
import { SDK_IN_FLIGHT, type WayName } from './ways.ts';

export interface FanOutFigures {
  readonly http: CostOfWays;
  readonly tls: CostOfWays;
  readonly memory: Peaks;
  readonly throttled: Throttled;
  readonly faulty: Faulty;
}

/** How many times cheaper than by the SDK client a delivery must be. */
const LEAST_OF_SDK = { http: 9, tls: 7 };
/** How much more than the bare requests it may cost. */
const MOST_OF_FLOOR = 1.35;
/** Ten times as many connections need no more memory, except for garbage that the collector has not freed yet. */
const MOST_MEMORY = 1.15;
const LEAST_OF_QUOTA = 0.9;

export const wayLabels: readonly (readonly [WayName, string])[] = [
  ['sdkUnbounded', 'SDK client, all at once'],
  ['sdk', `SDK client, ${SDK_IN_FLIGHT} in flight`],
  ['ours', 'ours'],
  ['floor', 'floor'],
];

export function fanOutPage(figures: FanOutFigures): string {
  return [
    `# Fan-out

One message of ${FRAME_BYTES} bytes to many connections. Measured on loopback, not run on AWS: an endpoint in a process of its
own stands for \`@connections\` and answers at once. What a delivery costs its sender does not depend on who answers; how long one
takes does, and is not measured here.`,
    costSection(figures),
    memorySection(figures.memory),
    throttledSection(figures.throttled),
    faultySection(figures.faulty),
  ].join('\n\n');
}

function costSection({ http, tls }: FanOutFigures): string {
  const rows = wayLabels.map(([way, label]) => [
    label,
    ...[http[way], tls[way]].flatMap(({ postsPerCpuSecond, cpuMicrosPerPost }) => [
      postsPerCpuSecond.toLocaleString('en-US'),
      cpuMicrosPerPost,
    ]),
  ]);
  const head = [
    'way',
    'HTTP: deliveries per CPU-second',
    'µs each',
    'TLS: deliveries per CPU-second',
    'µs each',
  ];
  return `## What a delivery costs

${CONNECTIONS.toLocaleString('en-US')} connections, CPU time of the whole process, medians of interleaved runs. Ours is \`postAll\` over the management API, with
signatures of credentials with a session token and with flow control that has nothing to hold back. The floor is the same requests over the
same ${MOST_IN_FLIGHT} sockets of the same pool, signed once for all of them and with nothing remembered: what HTTP costs on this machine.

${markdownTable(head, rows)}

${barTable([
  atLeast('ours, times the SDK client over HTTP', LEAST_OF_SDK.http, cheaper(http)),
  atLeast('ours, times the SDK client over TLS', LEAST_OF_SDK.tls, cheaper(tls)),
  atMost('cost of ours beside the floor over HTTP', MOST_OF_FLOOR, besideFloor(http)),
  atMost('cost of ours beside the floor over TLS', MOST_OF_FLOOR, besideFloor(tls)),
])}

![Deliveries per second of CPU time](fan-out.svg)`;
}

function cheaper({ sdk, ours }: CostOfWays): number {
  return sdk.cpuMicrosPerPost / ours.cpuMicrosPerPost;
}

function besideFloor({ ours, floor }: CostOfWays): number {
  return ours.cpuMicrosPerPost / floor.cpuMicrosPerPost;
}

function memorySection({ few, many }: Peaks): string {
  const row = (connections: number, peak: number) => [connections.toLocaleString('en-US'), peak];
  return `## Memory

In batches of ${BATCH_SIZE.toLocaleString('en-US')}, over TLS, each in a process of its own, whose old generation may grow to ${HEAP_MEGABYTES} MB:
without a limit V8 keeps garbage rather than memory free.

${markdownTable(['connections', 'peak resident MB'], [row(FEW, few), row(MANY, many)])}

${barTable([atMost('peak of the many beside the few', MOST_MEMORY, many / few)])}`;
}

function throttledSection({ seconds, share, refusals, ...counts }: Throttled): string {
  return `## Through a quota

Over HTTP. The endpoint answers 429 to everything above ${ALLOWED_PER_SECOND.toLocaleString('en-US')} a second, which the sender has to find out: it was told a higher budget.
${THROTTLED_CONNECTIONS.toLocaleString('en-US')} deliveries took ${seconds.toFixed(1)} seconds, with ${refusals.toLocaleString('en-US')} refusals on the way.

${barTable([
  exactly('connections that got the message', THROTTLED_CONNECTIONS, counts.delivered),
  exactly('counted as gone', 0, counts.gone),
  exactly('not reached', 0, counts.unreached),
  exactly('messages twice', 0, counts.repeated),
  atLeast('share of the quota that was used', LEAST_OF_QUOTA, share),
])}`;
}

function faultySection({ seconds, answers, ...counts }: Faulty): string {
  const percent = (share: number) => `${share * 100} %`;
  const bars: readonly Bar[] = [
    exactly('gone connections that were found', counts.dead, counts.found),
    exactly('living ones that were taken for gone', 0, counts.mistaken),
    exactly('living ones without the message', 0, counts.missed),
    exactly('not reached', 0, counts.unreached),
    atMost('seconds', WORKER_BUDGET_MS / 1000, seconds),
  ];
  return `## With faults

Over HTTP. ${FAULTY_CONNECTIONS.toLocaleString('en-US')} connections, of which ${percent(faults.gone)} are gone (410). Of the requests ${percent(faults.error500)} fail (500), ${percent(faults.reset)} are reset and
${percent(faults.silent)} are never answered. These were the answers: ${Object.entries(answers)
    .map(([answer, count]) => `${answer} (${count.toLocaleString('en-US')} times)`)
    .join(', ')}; ${counts.repeated} messages came twice.

${barTable(bars)}`;
}
