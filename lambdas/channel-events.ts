/** `channel-events`: reports when channels become occupied and vacated, from the changes of subscriptions. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { dynamoOccupancy } from './aws/dynamo-occupancy.ts';
import { dynamoShards } from './aws/dynamo-shards.ts';
import { dynamoSubscriptions } from './aws/dynamo-subscriptions.ts';
import { eventBridge } from './aws/event-bridge.ts';
import { channelIn } from './aws/subscription-item.ts';
import { type BatchResponse, changesIn, settleEach } from './events/stream-event.ts';
import { settleOccupancy } from './realtime/lifecycle/occupancy.ts';
import { logLines } from './realtime/log-lines.ts';
import { environmentOf } from './wiring/environment.ts';

/** One query finds a live row among 25 for the price of one row. */
const PAGE_SIZE = 25;

const environment = environmentOf('channel-events');
const log = new Logger({ serviceName: 'channel-events' });
const client = new DynamoDBClient();
const ports = {
  subscriptions: dynamoSubscriptions(client, environment.SUBSCRIPTIONS_TABLE, PAGE_SIZE),
  shards: dynamoShards(client, environment.CHANNELS_TABLE, Date.now),
  occupancy: dynamoOccupancy(client, environment.OCCUPANCY_TABLE, Date.now),
  lifecycle: eventBridge(new EventBridgeClient(), environment.EVENT_SOURCE),
  now: Date.now,
};

export function handler(event: unknown): Promise<BatchResponse> {
  return settleEach(
    changesIn(event),
    ({ key }) => channelIn(key),
    (channel) => settleOccupancy(ports, channel),
    (channel, error) => log.warn(logLines.channelLookedAtAgain, { channel, reason: String(error) }),
  );
}
