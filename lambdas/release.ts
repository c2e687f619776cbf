/**
 * `release`: where deliveries end up that failed each time they were repeated.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { environmentOf } from './environment.ts';
import { reachPorts } from './reach-ports.ts';
import { release } from './realtime/deliver.ts';
import { deliveryTask } from './realtime/delivery-task.ts';

const log = new Logger({ serviceName: 'release' });
const ports = reachPorts(new DynamoDBClient(), environmentOf('release'), log);

/** What Lambda sends to the destination of an asynchronous invocation. */
const failure = v.object({
  requestContext: v.object({ requestId: v.string(), condition: v.string() }),
  requestPayload: deliveryTask,
});

export async function handler(event: unknown): Promise<void> {
  const { requestContext, requestPayload } = v.parse(failure, event);
  const { requestId, condition } = requestContext;
  const { kind, broadcast } = requestPayload;
  log.warn('A delivery failed for good', { requestId, condition, kind, channel: broadcast.channel });
  await release(ports, requestPayload);
}
