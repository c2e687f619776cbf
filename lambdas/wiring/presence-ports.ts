/** The ports of the functions that keep presence, on AWS. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { dynamoPresence } from '../aws/dynamo-presence.ts';
import { dynamoShards } from '../aws/dynamo-shards.ts';
import { dynamoWindows } from '../aws/dynamo-windows.ts';
import { eventBridge } from '../aws/event-bridge.ts';
import type { toAnnounce } from '../manifest/shared-needs.ts';
import type { AnnouncePorts } from '../realtime/presence/announce.ts';
import type { Log } from '../realtime/structured-log.ts';
import type { Environment } from './environment.ts';
import { reachPorts } from './reach-ports.ts';

export function presencePorts(
  client: DynamoDBClient,
  environment: Environment<keyof typeof toAnnounce>,
  log: Log,
): AnnouncePorts {
  return {
    ...reachPorts(client, environment, log),
    shards: dynamoShards(client, environment.CHANNELS_TABLE, Date.now),
    presence: dynamoPresence(client, environment.PRESENCE_TABLE),
    windows: dynamoWindows(client, environment.PRESENCE_TABLE),
    lifecycle: eventBridge(new EventBridgeClient(), environment.EVENT_SOURCE),
  };
}
