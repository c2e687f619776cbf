/** `$default`: every client command arrives here, and what is returned is its reply (PR-4). */

import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from '../fanfare.config.ts';
import type { ActionContext } from './actions/action.ts';
import { answer } from './actions/answer.ts';
import { dynamoConnections } from './aws/dynamo-connections.ts';
import { dynamoLog } from './aws/dynamo-log.ts';
import { dynamoSubscriptions } from './aws/dynamo-subscriptions.ts';
import { managementApi } from './aws/management-api.ts';
import { environmentOf } from './environment.ts';
import { type MessageEvent, type ProxyResult, sessionOf } from './gateway-event.ts';
import { POSTS_IN_FLIGHT } from './realtime/fan-out.ts';

const environment = environmentOf('default');
const client = new DynamoDBClient();

const context: ActionContext = {
  config: config({ local: environment.STAGE === 'local' }),
  ports: {
    connections: dynamoConnections(client, {
      connections: environment.CONNECTIONS_TABLE,
      subscriptions: environment.SUBSCRIPTIONS_TABLE,
    }),
    subscriptions: dynamoSubscriptions(client, environment.SUBSCRIPTIONS_TABLE),
    channelLog: dynamoLog(client, {
      channels: environment.CHANNELS_TABLE,
      messages: environment.MESSAGES_TABLE,
      publishKeys: environment.PUBLISH_KEYS_TABLE,
    }),
    outbound: managementApi(environment.MANAGEMENT_ENDPOINT, POSTS_IN_FLIGHT),
    log: new Logger({ serviceName: 'default' }),
    now: Date.now,
    pause: sleep,
  },
};

export async function handler(event: MessageEvent): Promise<ProxyResult> {
  return { statusCode: 200, body: await answer(event.body ?? '', sessionOf(event), context) };
}
