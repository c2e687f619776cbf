/** The numbers that the simulation stands on beside the measured cost of a post, each with where it comes from. */

import { RECENT_MS } from '../../lambdas/aws/dynamo-shards.ts';
import type { Latency } from './latency.ts';

const LAMBDA_GUIDE = 'https://docs.aws.amazon.com/lambda/latest/dg';
const GATEWAY_GUIDE = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';

interface Assumed<Value> {
  readonly what: string;
  readonly value: Value;
  readonly source: string;
}

type Latencies = Readonly<
  Record<'post' | 'handshake' | 'coldStart' | 'asyncStart' | 'invoke' | 'write' | 'page', Assumed<Latency>>
>;

/** Milliseconds. */
export const latencies: Latencies = {
  post: {
    what: 'A post: out, through the gateway, and back',
    value: { median: 10, p99: 50 },
    source: 'assumed: there are no trustworthy figures (OR-10)',
  },
  handshake: {
    what: 'TCP and TLS, for each new socket',
    value: { median: 3, p99: 10 },
    source: 'assumed: three round trips inside a region',
  },
  coldStart: {
    what: 'A new execution environment, up to the handler',
    value: { median: 600, p99: 1_200 },
    source:
      'assumed: placement, and the [375 ms of init](https://speedrun.nobackspacecrew.com/blog/2025/07/21/the-fastest-node-22-lambda-coldstart-configuration.html) that one report measured with the SDK on Node.js 22',
  },
  asyncStart: {
    what: "From Lambda's event queue to an environment",
    value: { median: 50, p99: 250 },
    source: 'assumed: AWS publishes no figure',
  },
  invoke: {
    what: 'To put an event into that queue',
    value: { median: 15, p99: 60 },
    source: 'assumed',
  },
  write: {
    what: 'A write to DynamoDB',
    value: { median: 5, p99: 20 },
    source: 'assumed: single-digit milliseconds',
  },
  page: {
    what: 'A page of 1,000 subscriptions, parsed',
    value: { median: 18, p99: 50 },
    source: 'assumed, of which 8 ms of parsing were measured once, on dynoxide',
  },
};

export const HANDSHAKE_CPU_MICROS = {
  what: 'What a new TLS connection costs a core, in µs',
  value: 1_300,
  source: 'measured once: Node.js 20, a chain of RSA 2048 certificates, no resumption',
} as const satisfies Assumed<number>;

/** Everything that is documented and the same in every scenario. */
export const platform = {
  burst: {
    what: 'Requests that API Gateway takes at once',
    value: 5_000,
    source: 'documented (TH-1, LM-1); AWS sets it, and it is assumed to stay when the rate is raised',
  },
  smallRegion: {
    what: 'Requests per second of an account in some newer regions',
    value: 2_500,
    source: `documented: [account quotas](${GATEWAY_GUIDE}/limits.html)`,
  },
  smallRegionBurst: {
    what: 'Requests that API Gateway takes at once there',
    value: 1_250,
    source: `documented: [account quotas](${GATEWAY_GUIDE}/limits.html)`,
  },
  newEnvironmentsPerTenSeconds: {
    what: 'New environments of a function in ten seconds',
    value: 1_000,
    source: `documented: [scaling](${LAMBDA_GUIDE}/scaling-behavior.html)`,
  },
  throttledEventPauseMs: {
    what: 'Before an event that found no environment is tried again, doubled each time, in milliseconds',
    value: 1_000,
    source: `documented: [asynchronous invocation](${LAMBDA_GUIDE}/invocation-async-error-handling.html)`,
  },
  throttledEventLongestPauseMs: {
    what: 'The longest of these waits, in milliseconds',
    value: 300_000,
    source: `documented: [asynchronous invocation](${LAMBDA_GUIDE}/invocation-async-error-handling.html)`,
  },
  lambdaConcurrency: {
    what: 'Environments that may run at once',
    value: 1_000,
    source: `documented default: [quotas](${LAMBDA_GUIDE}/gettingstarted-limits.html)`,
  },
  newAccountConcurrency: {
    what: 'Environments that may run at once in a new account',
    value: 10,
    source: `assumed: it is documented that there are [fewer](${LAMBDA_GUIDE}/gettingstarted-limits.html)`,
  },
  shardsKnownForSeconds: {
    what: 'How old the number of shards may be that a newcomer is placed by, in seconds',
    value: RECENT_MS / 1000,
    source: 'our own: `dynamo-shards.ts`',
  },
  connectsPerSecond: {
    what: 'New connections per second, while a crowd arrives',
    value: 500,
    source: `documented default: [quotas](${GATEWAY_GUIDE}/apigateway-execution-service-websocket-limits-table.html)`,
  },
} as const satisfies Readonly<Record<string, Assumed<number>>>;
