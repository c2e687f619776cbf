/** Computes the throttles of a stage from its share of the account's quotas. Pure arithmetic. */

import type { AccountQuotas } from './account-quotas.ts';
import type { RouteThrottles, Throttle } from './throttle.ts';

export interface StageThrottles {
  readonly throttle: Throttle;
  readonly routeThrottles: RouteThrottles;
  readonly apiThrottle: Throttle;
  readonly postsPerSecond: number;
  /** The executions that workers may use at once. `unreserved`: all that the account has. */
  readonly workerConcurrency: 'unreserved' | WorkerConcurrency;
  /** How many batches of one shard of a stream a reader may have at once, 1 to 10. */
  readonly batchesPerShard: number;
}

/** Reserved executions: no more are used, and none of them by other functions. */
export interface WorkerConcurrency {
  readonly deliver: number;
  readonly farewell: number;
}

/** Parts of a stage's share: clients, servers and the posts of one broadcast. They add up to the whole share. */
const CLIENTS = 0.45;
const SERVERS = 0.05;
const POSTS = 0.5;

/** The part of the clients' requests that may be pings. A ping runs no Lambda, but it is a request and costs money. */
const PINGS = 1 / 6;

/**
 * The parts of a stage's executions that its workers may use. The rest is for commands and handshakes. A broadcast to 1,000,000
 * connections uses 34 workers at most (`docs/benchmarks/broadcast.md`); 6 % of 800 executions are 48.
 */
const DELIVER = 0.06;
const FAREWELL = 0.03;

/** The part of a stage's executions that one reader of a stream may use while it is behind. */
const READER = 0.05;

/**
 * A new on-demand table has four partitions, and its stream a shard for each.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode-max-throughput.html
 */
const FIRST_SHARDS = 4;

/** The most that Lambda takes as a parallelization factor. https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html */
const MOST_BATCHES_PER_SHARD = 10;

/** Lambda keeps this many executions of an account without a reservation, and refuses reservations that would take them. */
const KEPT_UNRESERVED = 100;

/** Of the handshakes that a stage may take in one second, this part is the rate; the rest is the burst. */
const HANDSHAKE_RATE = 0.625;

/**
 * The throttles of a stage with this share, between 0 and 1. The shares of all stages in an account and region must add up to
 * no more than 1: then a flood of one stage cannot take the requests or the handshakes of another.
 *
 * A rate and its burst together are the most that a token bucket lets through in one second (TH-1). That matters for
 * handshakes, because their quota has no burst of its own.
 *
 * @example
 * shareOf(accountWith(10_000), 0.8).postsPerSecond; // 4,000
 */
export function shareOf(quotas: AccountQuotas, share: number): StageThrottles {
  const requests = quotas.requestsPerSecond * share;
  const burst = quotas.burst * share;
  const handshakes = quotas.connectionsPerSecond * share;
  const connect = throttle(handshakes * HANDSHAKE_RATE, handshakes * (1 - HANDSHAKE_RATE));
  const clients = throttle(requests * CLIENTS, burst * CLIENTS);
  const ping = throttle(clients.rateLimit * PINGS, clients.burstLimit * PINGS);
  return {
    throttle: clients,
    routeThrottles: {
      $connect: connect,
      $default: throttle(clients.rateLimit - connect.rateLimit - ping.rateLimit, clients.burstLimit),
      ping,
    },
    apiThrottle: throttle(requests * SERVERS, burst * SERVERS),
    postsPerSecond: whole(requests * POSTS),
    workerConcurrency: workersOf(quotas.concurrentExecutions, share),
    batchesPerShard: batchesOf(quotas.concurrentExecutions * share),
  };
}

/** Readers that are behind take executions from commands and handshakes, so an account with few executions keeps one batch for a shard. */
function batchesOf(executions: number): number {
  return Math.min(MOST_BATCHES_PER_SHARD, whole((executions * READER) / FIRST_SHARDS));
}

/** An account with few executions can reserve none, or so few that a single broadcast would wait. */
function workersOf(concurrentExecutions: number, share: number): StageThrottles['workerConcurrency'] {
  if (concurrentExecutions < 2 * KEPT_UNRESERVED) return 'unreserved';
  const executions = concurrentExecutions * share;
  return { deliver: whole(executions * DELIVER), farewell: whole(executions * FAREWELL) };
}

function throttle(rate: number, burst: number): Throttle {
  return { rateLimit: whole(rate), burstLimit: whole(burst) };
}

/** Rounded down, so that shares never exceed the quota. Never zero, which would refuse everything (TH-3). */
function whole(number: number): number {
  // Products of decimal fractions miss whole numbers by a little: 0.1 * 3 is 0.30000000000000004.
  return Math.max(1, Math.floor(number + 1e-6));
}
