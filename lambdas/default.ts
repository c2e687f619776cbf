/** `$default`: runs every client command, and returns its reply (PR-4). */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { answer } from './actions/answer.ts';
import { type MessageEvent, type ProxyResult, sessionOf } from './events/gateway-event.ts';
import { commandContext } from './wiring/command-context.ts';
import { environmentOf } from './wiring/environment.ts';

const environment = environmentOf('default');

const context = commandContext(new DynamoDBClient(), environment, new Logger({ serviceName: 'default' }));

export async function handler(event: MessageEvent): Promise<ProxyResult> {
  return { statusCode: 200, body: await answer(event.body ?? '', sessionOf(event), context) };
}
