/** `$default`: every client command arrives here, and what is returned is its reply (PR-4). */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from '../fanfare.config.ts';
import { actionContext } from './actions/action.ts';
import { answer } from './actions/answer.ts';
import { environmentOf } from './environment.ts';
import { type MessageEvent, type ProxyResult, sessionOf } from './gateway-event.ts';
import { publishPorts } from './publish-ports.ts';

const environment = environmentOf('default');

const context = actionContext(
  config({ local: environment.STAGE === 'local' }),
  publishPorts(new DynamoDBClient(), environment, new Logger({ serviceName: 'default' })),
);

export async function handler(event: MessageEvent): Promise<ProxyResult> {
  return { statusCode: 200, body: await answer(event.body ?? '', sessionOf(event), context) };
}
