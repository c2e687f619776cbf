/** `$default`: every client command arrives here, and what is returned is its reply (PR-4). */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from '../fanfare.config.ts';
import { actionContext } from './actions/action.ts';
import { answer } from './actions/answer.ts';
import { dynamoLog } from './aws/dynamo-log.ts';
import { dynamoShards } from './aws/dynamo-shards.ts';
import { environmentOf } from './environment.ts';
import { type MessageEvent, type ProxyResult, sessionOf } from './gateway-event.ts';
import { reachPorts } from './reach-ports.ts';

const environment = environmentOf('default');
const client = new DynamoDBClient();

const context = actionContext(config({ local: environment.STAGE === 'local' }), {
  ...reachPorts(client, environment, new Logger({ serviceName: 'default' })),
  shards: dynamoShards(client, environment.CHANNELS_TABLE, Date.now),
  channelLog: dynamoLog(client, {
    channels: environment.CHANNELS_TABLE,
    messages: environment.MESSAGES_TABLE,
    publishKeys: environment.PUBLISH_KEYS_TABLE,
  }),
});

export async function handler(event: MessageEvent): Promise<ProxyResult> {
  return { statusCode: 200, body: await answer(event.body ?? '', sessionOf(event), context) };
}
