/** The ports of the functions that publish, on AWS. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoLog } from '../aws/dynamo-log.ts';
import { dynamoShards } from '../aws/dynamo-shards.ts';
import { dynamoValues } from '../aws/dynamo-values.ts';
import type { toPublish } from '../manifest/shared-needs.ts';
import type { PublishPorts } from '../realtime/log/publish.ts';
import type { Log } from '../realtime/structured-log.ts';
import type { Environment } from './environment.ts';
import { reachPorts } from './reach-ports.ts';

export function publishPorts(
  client: DynamoDBClient,
  environment: Environment<keyof typeof toPublish>,
  log: Log,
): PublishPorts {
  return {
    ...reachPorts(client, environment, log),
    shards: dynamoShards(client, environment.CHANNELS_TABLE, Date.now),
    values: dynamoValues(client, { values: environment.VALUES_TABLE, messages: environment.MESSAGES_TABLE }),
    channelLog: dynamoLog(client, {
      channels: environment.CHANNELS_TABLE,
      messages: environment.MESSAGES_TABLE,
      publishKeys: environment.PUBLISH_KEYS_TABLE,
    }),
  };
}
