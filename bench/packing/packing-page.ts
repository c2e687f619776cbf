/** Writes the page about packed delivery: posts, dollars and latency beside direct delivery and beside two other services. */

import { prices } from '../../packages/local/src/bill/prices.ts';
import { broadcastCost, simulated } from '../../prices/broadcast-cost.ts';
import { charge, listed } from '../../prices/charge.ts';
import { MINUTES_A_MONTH } from '../../prices/load.ts';
import { ablyOffer, appSyncOffer } from '../../prices/offers/managed.ts';
import { markdownTable, type Row } from '../report.ts';
import { count } from '../simulator/formatted.ts';
import type { Traffic, TrafficFigures } from './packing-run.ts';
import { POLL_MS } from './stream-reader.ts';

export const WAYS = [
  { name: 'direct', delivery: 'direct' },
  { name: 'packed, window 0', delivery: { windowSeconds: 0 } },
  { name: 'packed, window 1 s', delivery: { windowSeconds: 1 } },
] as const satisfies readonly { readonly name: string; readonly delivery: Traffic['delivery'] }[];

export const RATES = [1, 20, 100] as const;
export const SIZES = [10, 100, 1_000, 10_000, 100_000] as const;

/** Wider channels take the posts of more than one account. Their frames are those of this size, and their posts follow from them. */
export const WIDEST_RUN = 1_000;

/** More posts a second are not run; a direct channel has a frame for each message. */
export const MOST_RUN = 20_000;

/** Half of the 10,000 requests a second that an account has in an older region (LM-1). */
const POSTS_OF_AN_ACCOUNT = 5_000;

const SECONDS_A_MONTH = MINUTES_A_MONTH * 60;

/** Write units of a publish: the head, the message and the row of its key. */
const PUBLISH_WRITES = 3;

/** A round takes the turn and gives it back, and looks first. It reads the messages, which have less than 32 KB. */
const ROUND_WRITES = 2;
const ROUND_READS = 1 + 8;

export type Figures = (way: (typeof WAYS)[number], rate: number, size: number) => TrafficFigures | undefined;

interface Cost {
  readonly gateway: number;
  readonly total: number;
}

/** Of a month. Connection minutes are in the total. */
function costOf({ messagesPerSecond, subscribers, delivery }: Traffic, framesPerSecond: number): Cost {
  const each = broadcastCost(subscribers);
  const alone = broadcastCost(1);
  const isPacked = delivery !== 'direct';
  const frames = framesPerSecond * SECONDS_A_MONTH;
  const publishes = messagesPerSecond * SECONDS_A_MONTH;
  const reads = frames * (each.reads + (isPacked ? ROUND_READS : 0));
  // The two writes of the simulated publish are those of the publisher. The others are claims of workers.
  const writes = publishes * PUBLISH_WRITES + frames * (each.writes - 2 + (isPacked ? ROUND_WRITES : 0));
  const gateway = sum(charge('', frames * subscribers + 2 * publishes, listed(prices.message)));
  const lambda = frames * each.lambdaDollars + (isPacked ? publishes * alone.lambdaDollars : 0);
  const minutes = charge('', subscribers * MINUTES_A_MONTH, listed(prices.connectionMinute));
  const dynamo = [...charge('', reads, listed(prices.read)), ...charge('', writes, listed(prices.write))];
  return { gateway, total: gateway + lambda + sum(minutes) + sum(dynamo) };
}

function sum(charges: ReturnType<typeof charge>): number {
  return charges.reduce((all, { dollars }) => all + dollars, 0);
}

export function packingPage(figures: Figures): string {
  const sections = RATES.map((rate) => section(rate, figures));
  return [introduction(), goals(figures), ...sections, seconds(), assumptions()].join('\n\n');
}

function introduction(): string {
  return `# Packed delivery, simulated

**Simulated, not run on AWS.** One channel, whose messages of about 300 bytes are published at random times. What publishes and delivers is the
deployed code: \`publishLogged\` for direct delivery, and \`publishPacked\` and \`deliverPacked\` for [packed delivery](../fan-out.md#packed-delivery),
on the ports of the [simulation of one broadcast](broadcast.md), with the same latencies. Run \`npm run bench -- packing\` to do it again.`;
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
    const load = { connections: size, messages: rate * 60, subscribers: size };
    const others = [appSyncOffer(load), ablyOffer(load)].map(({ dollars }) => money(dollars));
    return WAYS.map((way, index): Row => {
      const own = figures(way, rate, size);
      const frames = framesPerSecond(way, rate, figures(way, rate, Math.min(size, WIDEST_RUN)));
      const { gateway, total } = costOf(
        { messagesPerSecond: rate, subscribers: size, delivery: way.delivery },
        frames,
      );
      const posts = own?.postsPerSecond ?? frames * size;
      return [
        count(size),
        way.name,
        posts < 10 ? posts.toFixed(1) : count(posts),
        ofAnAccount(posts),
        ...latencyOf(own),
        money(gateway),
        money(total),
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
  return `$${dollars.toLocaleString('en-US', { maximumFractionDigits: dollars < 100 ? 2 : 0 })}`;
}
