/** A month of Fanfare: API Gateway, Lambda and DynamoDB, by the project's price list. */

import { prices } from '../../packages/local/src/bill/prices.ts';
import { type BroadcastCost, broadcastCost } from '../broadcast-cost.ts';
import { type Charge, charge, flat, listed, type Offer, offer } from '../charge.ts';
import { type Load, MINUTES_A_MONTH, monthOf } from '../load.ts';

/** The client pings after this time without a frame, and first after half of it (`packages/client/src/lib/settings/settings.ts`). Minutes. */
const IDLE_MINUTES = 9;

/** The mean age at which the client replaces a socket: 110 minutes, less up to a tenth at random. */
const ROTATION_MINUTES = 104.5;

/**
 * What it takes to connect, to subscribe to a channel of which this is the only subscriber, and to leave again, as the bill meter
 * counts it, on a stage whose lifecycle events are off; `test/prices/session.test.ts` does it. In a channel with other subscribers it is less.
 */
export const session = {
  messages: 3,
  invocations: 4,
  /** The memory of all these invocations together, in MB. */
  memoryMb: 2_793,
  reads: 1,
  writes: 7,
  events: 0,
} as const;

/** Assumed, not measured on AWS: how long each of these invocations takes. Seconds. */
const INVOCATION_SECONDS = 0.02;

/**
 * What a retry key adds to a publish (`docs/benchmarks/capacity.md`): the client library always sends one. From 16 subscribers on, the row
 * of the key is marked after the posts (`MARKED_FROM` of `repetition.ts`). Write units.
 */
export function keyWrites({ subscribers }: Pick<Load, 'subscribers'>): number {
  return subscribers < 16 ? 1 : 2;
}

export function fanfareOffer(load: Load): Offer {
  const { publishes, deliveries, connectionMinutes } = monthOf(load);
  const each = broadcastCost(load.subscribers);
  const sessions = connectionMinutes / ROTATION_MINUTES;
  const messages = listed(prices.message);
  return offer([
    ...charge('connection minutes', connectionMinutes, listed(prices.connectionMinute)),
    ...charge(
      'messages in and out',
      2 * publishes + deliveries + 2 * pingsOf(load) + session.messages * sessions,
      messages,
    ),
    ...lambda(each, publishes, sessions),
    ...charge('reads', each.reads * publishes + session.reads * sessions, listed(prices.read)),
    ...charge(
      'writes',
      (each.writes + keyWrites(load)) * publishes + session.writes * sessions,
      listed(prices.write),
    ),
  ]);
}

function lambda(each: BroadcastCost, publishes: number, sessions: number): Charge[] {
  const gbSeconds = (session.memoryMb / 1024) * INVOCATION_SECONDS * sessions;
  return [
    ...charge('functions that publish and deliver', publishes, flat('publish', each.lambdaDollars)),
    ...charge('function runs of rotations', session.invocations * sessions, listed(prices.lambdaRequest)),
    ...charge('function time of rotations', gbSeconds, listed(prices.lambdaTimeArm)),
  ];
}

/**
 * Pings of all connections. Messages are taken to arrive at random, with the same average rate at each connection. The time until
 * the client pings begins again with each of them, and with each pong.
 */
function pingsOf({ connections, messages, subscribers }: Load): number {
  const arrivals = (messages * subscribers) / connections;
  const longSilences = arrivals === 0 ? 1 / IDLE_MINUTES : arrivals / Math.expm1(arrivals * IDLE_MINUTES);
  // A new connection pings once after half the time, which is half a ping more. Where messages arrive more often, it is less.
  const pingsPerMinute = longSilences + Math.min(0.5 / ROTATION_MINUTES, longSilences);
  return pingsPerMinute * connections * MINUTES_A_MONTH;
}
