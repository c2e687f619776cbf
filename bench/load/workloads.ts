/** The workloads of the page about load: how many channels, how much is published, what the platform does meanwhile. */

import type { Throttle } from '../../packages/local/src/template/stage-throttles.ts';
import { platform } from '../simulator/assumptions.ts';
import { stageLimits } from './stage-limits.ts';

/** A part of the run. Milliseconds after its start. */
interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Workload {
  readonly name: string;
  readonly what: string;
  readonly channels: number;
  readonly subscribers: number;
  /** The share of channels that keep a history. */
  readonly logged: number;
  /** Publishes per second of all channels together, in the span and outside of it. */
  readonly publishesPerSecond: { readonly before: number; readonly during: number };
  /** The minute that the figures are about. */
  readonly span: Span;
  /** Publishing ends then. Milliseconds after the start. */
  readonly endsMs: number;
  /** Whether the platform answers every post in the span with 429. */
  readonly isRefusing: boolean;
  /**
   * The account's quota of requests (LM-1), divided as a stage divides it: what is left for posts, and what the throttles of
   * clients let through. So a flood of posts shows in the posts only.
   */
  readonly posts: Throttle;
  readonly clients: Throttle;
  /** Posts per second of the stage (`stage-settings.ts`). */
  readonly postsPerSecond: number;
  /** Executions that may run at once in the account, and those of `deliver` among them. */
  readonly concurrency: number;
  readonly workers: number | 'unreserved';
  /** Handshakes and commands per second of other clients. */
  readonly others: { readonly connects: number; readonly commands: number };
}

/** Half of the 10,000 requests per second that an account has in an older region (LM-1). */
const HALF = { ratePerSecond: 5_000, burst: platform.burst.value / 2 } as const;

const usual = {
  channels: 400,
  subscribers: 50,
  logged: 0.5,
  span: { from: 20_000, to: 80_000 },
  endsMs: 110_000,
  isRefusing: false,
  posts: HALF,
  clients: HALF,
  postsPerSecond: HALF.ratePerSecond,
  concurrency: platform.lambdaConcurrency.value,
  workers: stageLimits.workers,
  others: { connects: 20, commands: 100 },
} as const satisfies Partial<Workload>;

const refused = {
  ...usual,
  publishesPerSecond: { before: 40, during: 40 },
  isRefusing: true,
} as const;

export const workloads: readonly Workload[] = [
  {
    ...usual,
    name: 'normal',
    what: '40 publishes a second to 50 subscribers each: 2,000 posts a second, two fifths of the quota',
    publishesPerSecond: { before: 40, during: 40 },
  },
  {
    ...refused,
    name: 'a refused minute',
    what: 'the same, while the platform answers every post with 429 for a minute',
  },
  {
    ...refused,
    workers: 'unreserved',
    name: 'a refused minute, no reservation',
    what: 'the same, while the stage reserves no executions for its workers',
  },
  {
    ...usual,
    channels: 1_500,
    publishesPerSecond: { before: 80, during: 150 },
    name: 'one and a half times the quota',
    what: '150 publishes a second to 50 subscribers each for a minute, after 80: 7,500 posts a second, of which the account takes 5,000',
  },
  {
    ...usual,
    name: 'many wide channels',
    what: '20 channels of 1,400 subscribers, one publish a second for a minute: 1,400 posts a second, in bursts',
    channels: 20,
    subscribers: 1_400,
    publishesPerSecond: { before: 1, during: 1 },
  },
];
