/** A month of one channel whose messages never stop, with direct or with packed delivery. */

import { prices } from '../packages/local/src/bill/prices.ts';
import { broadcastCost } from './broadcast-cost.ts';
import { type Charge, charge, listed } from './charge.ts';
import { MINUTES_A_MONTH } from './load.ts';
import { keyWrites } from './offers/fanfare.ts';

const SECONDS_A_MONTH = MINUTES_A_MONTH * 60;

/** Write units of a publish, without its key: the head and the message. */
const PUBLISH_WRITES = 2;

/** The row of the key. A packed publish has no posts after which the row would be marked. */
const PACKED_KEY_WRITES = 1;

/** A round takes the turn and gives it back, and looks first. It reads the messages, which have less than 32 KB. */
const ROUND_WRITES = 2;
const ROUND_READS = 1 + 8;

interface ChannelTraffic {
  readonly messagesPerSecond: number;
  readonly subscribers: number;
  /** Frames to each subscriber. With direct delivery, one for each message. */
  readonly framesPerSecond: number;
  readonly isPacked: boolean;
}

export interface ChannelCost {
  /** API Gateway's messages. Dollars. */
  readonly gateway: number;
  /** With Lambda, DynamoDB and the connection minutes of the subscribers. Dollars. */
  readonly total: number;
}

export function channelCost(traffic: ChannelTraffic): ChannelCost {
  const { messagesPerSecond, subscribers, framesPerSecond, isPacked } = traffic;
  const each = broadcastCost(subscribers);
  const alone = broadcastCost(1);
  const frames = framesPerSecond * SECONDS_A_MONTH;
  const publishes = messagesPerSecond * SECONDS_A_MONTH;
  const reads = frames * (each.reads + (isPacked ? ROUND_READS : 0));
  const ofKeys = isPacked ? PACKED_KEY_WRITES : keyWrites({ subscribers });
  // The first writes of the simulated publish are those of the publisher. The others are claims of workers.
  const ofFrames = each.writes - PUBLISH_WRITES + (isPacked ? ROUND_WRITES : 0);
  const writes = publishes * (PUBLISH_WRITES + ofKeys) + frames * ofFrames;
  const gateway = sum(charge('', frames * subscribers + 2 * publishes, listed(prices.message)));
  const lambda = frames * each.lambdaDollars + (isPacked ? publishes * alone.lambdaDollars : 0);
  const minutes = charge('', subscribers * MINUTES_A_MONTH, listed(prices.connectionMinute));
  const dynamo = [...charge('', reads, listed(prices.read)), ...charge('', writes, listed(prices.write))];
  return { gateway, total: gateway + lambda + sum(minutes) + sum(dynamo) };
}

function sum(charges: readonly Charge[]): number {
  return charges.reduce((all, { dollars }) => all + dollars, 0);
}
