/** `deliver`: posts one batch of a broadcast to a wide channel, or posts again to connections that no worker has reached yet. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { dynamoClaims, dynamoNewestLateFrame } from './aws/dynamo-claims.ts';
import { dynamoShards } from './aws/dynamo-shards.ts';
import { deliver } from './realtime/delivery/deliver.ts';
import { deliveryTask } from './realtime/delivery/delivery-task.ts';
import { environmentOf } from './wiring/environment.ts';
import { reachPorts } from './wiring/reach-ports.ts';

const environment = environmentOf('deliver');
const client = new DynamoDBClient();
const ports = {
  ...reachPorts(client, environment, new Logger({ serviceName: 'deliver' })),
  shards: dynamoShards(client, environment.CHANNELS_TABLE, Date.now),
  claims: dynamoClaims(client, environment.DELIVERY_CLAIMS_TABLE, Date.now),
  newestLate: dynamoNewestLateFrame(client, environment.DELIVERY_CLAIMS_TABLE),
};

/** The request id of an asynchronous invocation is the same when it is repeated. */
export async function handler(event: unknown, { awsRequestId }: { awsRequestId: string }): Promise<void> {
  await deliver(ports, v.parse(deliveryTask, event), awsRequestId);
}
