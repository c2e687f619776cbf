/** Writes the page about packed delivery: posts, dollars and latency beside direct delivery and beside two other services. */

import { simulated } from '../../prices/broadcast-cost.ts';
import { type ChannelCost, channelCost } from '../../prices/channel-cost.ts';
import { FOREIGN_PRICES_READ_IN, foreignPrices } from '../../prices/foreign-prices.ts';
import { HOURS_A_MONTH } from '../../prices/load.ts';
import { ablyOffer, appSyncOffer } from '../../prices/offers/managed.ts';
import { markdownTable, type Row } from '../report.ts';
import { count } from '../simulator/formatted.ts';
import { type Curve, logLogPlot } from '../simulator/line-plot.ts';
import type { Traffic, TrafficFigures } from './packing-run.ts';
import { POLL_MS } from './stream-reader.ts';

export const WAYS = [
  { name: 'direct', delivery: 'direct' },
  { name: 'packed, window 0', delivery: { windowSeconds: 0 } },
  { name: 'packed, window 1 s', delivery: { windowSeconds: 1 } },
] as const satisfies readonly { readonly name: string; readonly delivery: Traffic['delivery'] }[];

/** The rates of the tables. Messages a second. */
const RATES = [1, 5, 20, 100] as const;

/** Between which packed delivery begins to pay. Messages a second. */
const LOW_RATES = [0.1, 0.2, 0.5, 1, 2, 5] as const;

export const ALL_RATES = [...new Set<number>([...LOW_RATES, ...RATES])].toSorted((one, other) => one - other);

const PLOTTED_SUBSCRIBERS = 1_000;

export const SIZES = [10, 100, 1_000, 10_000, 100_000] as const;

/** Wider channels take the posts of more than one account. Their frames are those of this size, and their posts follow from them. */
export const WIDEST_RUN = 1_000;

/** More posts a second are not run; a direct channel has a frame for each message. */
export const MOST_RUN = 20_000;

/** Half of the 10,000 requests a second that an account has in an older region (LM-1). */
const POSTS_OF_AN_ACCOUNT = 5_000;

export type Figures = (way: (typeof WAYS)[number], rate: number, size: number) => TrafficFigures | undefined;

export function packingPage(figures: Figures): string {
  const sections = RATES.map((rate) => section(rate, figures));
  return [introduction(), goals(figures), pays(figures), ...sections, seconds(), assumptions()].join('\n\n');
}

function introduction(): string {
  return `# Packed delivery, simulated

**Simulated, not run on AWS.** One channel, whose messages of about 300 bytes are published at random times. What publishes and delivers is the
deployed code: \`publishLogged\` for direct delivery, and \`publishPacked\` and \`deliverPacked\` for [packed delivery](../fan-out.md#packed-delivery),
on the ports of the [simulation of one broadcast](broadcast.md), with the same latencies. Run \`npm run bench -- packing\` to do it again.

![Dollars a month by messages a second, to ${count(PLOTTED_SUBSCRIBERS)} subscribers](packing.svg)`;
}

/** Dollars of a month by rate, for one width. */
export function packingPlot(figures: Figures): string {
  const size = PLOTTED_SUBSCRIBERS;
  const own = WAYS.map(
    (way): Curve => ({
      name: way.name,
      points: ALL_RATES.map((rate) => [rate, costOf(way, rate, size, figures).total]),
    }),
  );
  const others = [
    { name: 'AppSync Events', offer: appSyncOffer },
    { name: 'Ably', offer: ablyOffer },
  ].map(
    ({ name, offer }): Curve => ({
      name,
      isDashed: true,
      points: ALL_RATES.map((rate) => [rate, offer(loadOf(rate, size)).dollars ?? Number.NaN]),
    }),
  );
  return logLogPlot([...own, ...others], {
    title: `Dollars a month, to ${count(size)} subscribers (simulated)`,
    x: 'messages a second',
    y: 'dollars',
  });
}

function loadOf(rate: number, size: number) {
  return { connections: size, messages: rate * 60, subscribers: size };
}

function costOf(way: (typeof WAYS)[number], rate: number, size: number, figures: Figures): ChannelCost {
  const frames = framesPerSecond(way, rate, figures(way, rate, Math.min(size, WIDEST_RUN)));
  const isPacked = way.delivery !== 'direct';
  return channelCost({ messagesPerSecond: rate, subscribers: size, framesPerSecond: frames, isPacked });
}

/** From which rate on packed delivery is the cheaper one. */
function pays(figures: Figures): string {
  const [direct, ...packed] = WAYS;
  const rows = SIZES.map((size): Row => {
    const least = packed.map((way) => {
      const rate = LOW_RATES.findLast(
        (one) => costOf(way, one, size, figures).total >= costOf(direct, one, size, figures).total,
      );
      return LOW_RATES.find((one) => one > (rate ?? 0));
    });
    return [count(size), ...least.map((rate) => (rate === undefined ? `above ${LOW_RATES.at(-1)}` : rate))];
  });
  const frames = ALL_RATES.map(
    (rate): Row => [
      rate,
      ...packed.map((way) => (figures(way, rate, WIDEST_RUN)?.framesPerSecond ?? 0).toFixed(2)),
    ],
  );
  const names = packed.map(({ name }) => name);
  return `## When packed delivery costs less

The lowest of the rates ${LOW_RATES.join(', ')} messages a second from which on a month of Fanfare costs less than with direct delivery. Below it, most
frames have one message, and a round takes two write units, nine read units and a run of a function more. \`npm run -s prices\` says for any
load what packed delivery would cost.

${markdownTable(['subscribers', ...names], rows)}

Frames a second to each of ${count(WIDEST_RUN)} subscribers:

${markdownTable(['messages a second', ...names], frames)}`;
}

/** The figures that the design asks for. */
function goals(figures: Figures): string {
  const [rate, size] = [20, 1_000];
  const direct = figures(WAYS[0], rate, size);
  const rows = WAYS.map((way) => {
    const of = figures(way, rate, size);
    if (!of || !direct) return [way.name, '', '', '', ''];
    return [
      way.name,
      count(of.postsPerSecond),
      percent(of.billedPerSecond / direct.billedPerSecond),
      count(of.latencyMs.median),
      count(of.latencyMs.p99),
    ];
  });
  return `## 20 messages a second to 1,000 subscribers

${markdownTable(['delivery', 'posts a second', 'dollars for API Gateway', 'latency, median, ms', 'p99, ms'], rows)}

Direct delivery of this channel takes four times the posts that a stage has of an account's 10,000 requests a second. So the account of this
simulation takes 50,000 in every row.`;
}

function section(rate: number, figures: Figures): string {
  const rows = SIZES.flatMap((size) => {
    const load = loadOf(rate, size);
    const others = [appSyncOffer(load), ablyOffer(load)].map(({ dollars }) => money(dollars));
    return WAYS.map((way, index): Row => {
      const own = figures(way, rate, size);
      const frames = framesPerSecond(way, rate, figures(way, rate, Math.min(size, WIDEST_RUN)));
      const { gateway, total } = costOf(way, rate, size, figures);
      const posts = own?.postsPerSecond ?? frames * size;
      return [
        count(size),
        way.name,
        posts < 10 ? posts.toFixed(1) : count(posts),
        ofAnAccount(posts),
        ...latencyOf(own),
        money(gateway),
        money(total),
        money(total / HOURS_A_MONTH),
        ...(index === 0 ? others : ['', '']),
      ];
    });
  });
  const head = [
    'subscribers',
    'delivery',
    'posts a second',
    'of 5,000 posts a second',
    'latency, median, ms',
    'p99, ms',
    'API Gateway',
    'all of Fanfare',
    'an hour of it',
    'AppSync Events',
    'Ably',
  ];
  return `## ${rate} ${rate === 1 ? 'message' : 'messages'} a second

${markdownTable(head, rows)}`;
}

function seconds(): string {
  const rows = SIZES.map((size) => {
    const known = simulated.find(({ subscribers }) => subscribers === size);
    return [count(size), known ? known.seconds : 'not run'];
  });
  return `## Seconds until the last subscriber has a frame

Of one frame, direct or packed, when nothing else takes the quota of 5,000 posts a second ([broadcast](broadcast.md)). Above that quota frames come faster than
they are posted, so the latency grows until late frames are dropped.

${markdownTable(['subscribers', 'seconds'], rows)}`;
}

function assumptions(): string {
  return `## What it stands on

- Dollars are of a month of 30 days in which the messages never stop, by list prices of us-east-1: API Gateway's messages, and with them Lambda,
  DynamoDB and the connection minutes. Pings are not needed, and rotations are left out. AppSync Events and Ably are computed by the same code as in
  [limits](../limits.md#prices-at-four-loads), for as many connections as subscribers. AppSync Events keeps no messages.
- The list prices of [AppSync Events](${foreignPrices.appSyncOperation.source}) and [Ably](${foreignPrices.ablyMessage.source}) were read in ${FOREIGN_PRICES_READ_IN}:
  $${foreignPrices.appSyncOperation.steps[0].dollars.toFixed(2)} for a million operations of up to 5 KB and $${foreignPrices.appSyncMinute.steps[0].dollars} for a million connection minutes;
  $${foreignPrices.ablyMessage.steps[0].dollars.toFixed(2)} for a million messages and $${foreignPrices.ablyMinute.steps[0].dollars.toFixed(2)} for a million connection minutes or channel minutes, with a plan of $29 or $399
  where one takes the load. \`npm run bench\` runs offline and does not check them. Ably sells discounts by volume, which are left out.
- Lambda polls a shard of the stream every ${POLL_MS} ms, gathers for the window from the first record on, and runs the function with all that came
  ([its guide](https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html)). The record is taken to be in the stream when the write is answered. To start
  a run takes what Lambda's queue takes. All execution environments are warm.
- Latency is from the publish until the answer to the post, over all subscribers. "Not run": more than ${count(MOST_RUN)} posts a second, or more than
  ${count(WIDEST_RUN)} subscribers. Posts and dollars then follow from the frames a second of ${count(WIDEST_RUN)} subscribers, and
  the table above says how long one frame takes to all of them. A round that takes longer than its window makes fewer, larger frames.
- A frame has less than 32 KB: one message of API Gateway.
- "Of 5,000 posts a second": half of the requests that an account has in an older region. Above it, frames wait for the quota, and late ones
  are dropped if newer ones follow ([over the quota](../fan-out.md#over-the-quota)).`;
}

function framesPerSecond(
  { delivery }: (typeof WAYS)[number],
  rate: number,
  simulated: TrafficFigures | undefined,
): number {
  return delivery === 'direct' ? rate : (simulated?.framesPerSecond ?? 0);
}

/** The median and the 99th percentile. */
function latencyOf(simulated: TrafficFigures | undefined): readonly string[] {
  if (!simulated) return ['not run', 'not run'];
  return [count(simulated.latencyMs.median), count(simulated.latencyMs.p99)];
}

function ofAnAccount(posts: number): string {
  const share = posts / POSTS_OF_AN_ACCOUNT;
  return share > 1 ? `${share < 10 ? share.toFixed(1) : count(share)} times` : percent(share);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function money(dollars: number | undefined): string {
  if (dollars === undefined) return 'not listed';
  if (dollars < 1) return `$${dollars.toFixed(3)}`;
  return `$${dollars.toLocaleString('en-US', { maximumFractionDigits: dollars < 100 ? 2 : 0 })}`;
}
