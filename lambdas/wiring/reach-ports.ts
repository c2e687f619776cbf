/** The ports that both functions of a delivery need, on AWS. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoLateFrames } from '../aws/dynamo-claims.ts';
import { dynamoConnections } from '../aws/dynamo-connections.ts';
import { dynamoSubscriptions } from '../aws/dynamo-subscriptions.ts';
import { lambdaDeliveries } from '../aws/lambda-deliveries.ts';
import { outboundFor } from '../aws/outbound.ts';
import type { toReachSubscribers } from '../manifest/shared-needs.ts';
import { ContainerPace } from '../realtime/delivery/container-pace.ts';
import { BATCH_SIZE } from '../realtime/delivery/delivery-plan.ts';
import type { ReachPorts } from '../realtime/delivery/reach.ts';
import type { Log } from '../realtime/structured-log.ts';
import type { Environment } from './environment.ts';

export function reachPorts(
  client: DynamoDBClient,
  environment: Environment<keyof typeof toReachSubscribers>,
  log: Log,
): ReachPorts {
  const { CONNECTIONS_TABLE: connections, SUBSCRIPTIONS_TABLE: subscriptions } = environment;
  return {
    connections: dynamoConnections(client, { connections, subscriptions }),
    subscriptions: dynamoSubscriptions(client, subscriptions, BATCH_SIZE),
    deliveries: lambdaDeliveries({
      functionName: environment.DELIVERY_WORKER,
      postsPerSecond: Number(environment.POSTS_PER_SECOND),
    }),
    outbound: outboundFor(client, environment),
    lateFrames: dynamoLateFrames(client, environment.DELIVERY_CLAIMS_TABLE, Date.now),
    containerPace: new ContainerPace(),
    log,
    now: Date.now,
    pause: sleep,
  };
}
