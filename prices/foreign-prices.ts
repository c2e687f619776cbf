/**
 * List prices of what Fanfare does not use, in us-east-1 where they have a region. They were read in November 2026. Prices that
 * Fanfare pays are in `packages/local/src/bill/prices.ts`.
 */

import type { UnitPrice } from './charge.ts';

export const FOREIGN_PRICES_READ_IN = '2026-11';

export interface ForeignPrice extends UnitPrice {
  readonly service: string;
  readonly item: string;
  readonly source: string;
}

const MILLION = 1e6;
const BILLION = 1e9;
const ALL = Number.POSITIVE_INFINITY;

const APPSYNC = 'https://aws.amazon.com/appsync/pricing/';
const IOT_CORE = 'https://aws.amazon.com/iot-core/pricing/';
const ABLY = 'https://ably.com/docs/platform/pricing';
const FARGATE = 'https://www.vantage.sh/blog/fargate-pricing';
const BALANCER = 'https://aws.amazon.com/elasticloadbalancing/pricing/';

export const foreignPrices = {
  appSyncOperation: {
    service: 'AppSync Events',
    item: 'operations',
    unit: '5 KB',
    per: MILLION,
    steps: [{ upTo: ALL, dollars: 1 }],
    source: APPSYNC,
  },
  appSyncMinute: {
    service: 'AppSync Events',
    item: 'connection minutes',
    unit: 'minute',
    per: MILLION,
    steps: [{ upTo: ALL, dollars: 0.08 }],
    source: APPSYNC,
  },
  iotMessage: {
    service: 'IoT Core',
    item: 'messages',
    unit: '5 KB',
    per: MILLION,
    steps: [
      { upTo: BILLION, dollars: 1 },
      { upTo: 5 * BILLION, dollars: 0.8 },
      { upTo: ALL, dollars: 0.7 },
    ],
    source: IOT_CORE,
  },
  iotMinute: {
    service: 'IoT Core',
    item: 'connection minutes',
    unit: 'minute',
    per: MILLION,
    steps: [{ upTo: ALL, dollars: 0.08 }],
    source: IOT_CORE,
  },
  ablyMessage: {
    service: 'Ably',
    item: 'messages',
    unit: 'message',
    per: MILLION,
    steps: [{ upTo: ALL, dollars: 2.5 }],
    source: ABLY,
  },
  ablyMinute: {
    service: 'Ably',
    item: 'connection minutes',
    unit: 'minute',
    per: MILLION,
    steps: [{ upTo: ALL, dollars: 1 }],
    source: ABLY,
  },
  ablyChannelMinute: {
    service: 'Ably',
    item: 'channel minutes',
    unit: 'minute',
    per: MILLION,
    steps: [{ upTo: ALL, dollars: 1 }],
    source: ABLY,
  },
  fargateCpu: {
    service: 'Fargate on arm64',
    item: 'vCPU',
    unit: 'hour',
    per: 1,
    steps: [{ upTo: ALL, dollars: 0.03238 }],
    source: FARGATE,
  },
  fargateMemory: {
    service: 'Fargate on arm64',
    item: 'memory',
    unit: 'GB-hour',
    per: 1,
    steps: [{ upTo: ALL, dollars: 0.00356 }],
    source: FARGATE,
  },
  balancer: {
    service: 'Application Load Balancer',
    item: 'balancer',
    unit: 'hour',
    per: 1,
    steps: [{ upTo: ALL, dollars: 0.0225 }],
    source: BALANCER,
  },
  balancerCapacity: {
    service: 'Application Load Balancer',
    item: 'capacity units',
    unit: 'hour',
    per: 1,
    steps: [{ upTo: ALL, dollars: 0.008 }],
    source: BALANCER,
  },
} as const satisfies Readonly<Record<string, ForeignPrice>>;

/** A plan with a fixed price. */
export interface Plan {
  readonly name: string;
  /** For a month. */
  readonly dollars: number;
  readonly connections: number;
  readonly source: string;
}

/** Messages in and out count, in each second. */
export const ablyPlans = [
  { name: 'Standard', dollars: 29, connections: 10_000, messagesPerSecond: 2_500, source: ABLY },
  { name: 'Pro', dollars: 399, connections: 50_000, messagesPerSecond: 10_000, source: ABLY },
] as const satisfies readonly (Plan & { readonly messagesPerSecond: number })[];

const PUSHER = 'https://pusher.com/channels/pricing';

/** Messages in and out count, in each day. */
export const pusherPlans = [
  { name: 'Sandbox', dollars: 0, connections: 100, messagesPerDay: 200_000, source: PUSHER },
  { name: 'Startup', dollars: 49, connections: 500, messagesPerDay: MILLION, source: PUSHER },
  { name: 'Pro', dollars: 99, connections: 2_000, messagesPerDay: 4 * MILLION, source: PUSHER },
  { name: 'Business', dollars: 299, connections: 5_000, messagesPerDay: 10 * MILLION, source: PUSHER },
  { name: 'Premium', dollars: 499, connections: 10_000, messagesPerDay: 20 * MILLION, source: PUSHER },
  { name: 'Growth', dollars: 699, connections: 15_000, messagesPerDay: 40 * MILLION, source: PUSHER },
  { name: 'Plus', dollars: 899, connections: 20_000, messagesPerDay: 60 * MILLION, source: PUSHER },
  { name: 'Growth Plus', dollars: 1_199, connections: 30_000, messagesPerDay: 90 * MILLION, source: PUSHER },
] as const satisfies readonly (Plan & { readonly messagesPerDay: number })[];
