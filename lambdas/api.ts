/** `api`: the HTTP API for servers. Every operation arrives here, after its caller was authorized. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from 'fanfare-config';
import { dynamoDirectory } from './aws/dynamo-directory.ts';
import { dynamoPresence } from './aws/dynamo-presence.ts';
import { dynamoReadPositions } from './aws/dynamo-read-positions.ts';
import { dynamoRevocations } from './aws/dynamo-revocations.ts';
import { dynamoRuns } from './aws/dynamo-runs.ts';
import { lambdaFarewells } from './aws/lambda-farewells.ts';
import { type ApiEvent, apiCallerOf, apiRequestOf } from './events/api-event.ts';
import type { ProxyResult } from './events/gateway-event.ts';
import type { OperationContext } from './operations/operation.ts';
import { respond } from './operations/respond.ts';
import { stageInfo } from './realtime/access/stage-info.ts';
import { environmentOf } from './wiring/environment.ts';
import { publishPorts } from './wiring/publish-ports.ts';

const environment = environmentOf('api');
const client = new DynamoDBClient();
const { CONNECTIONS_TABLE: connections, SUBSCRIPTIONS_TABLE: subscriptions } = environment;
const { CHANNELS_TABLE: channels, OCCUPANCY_TABLE: occupancy } = environment;

const context: OperationContext = {
  config: config(stageInfo(environment.STAGE)),
  ports: {
    ...publishPorts(client, environment, new Logger({ serviceName: 'api' })),
    directory: dynamoDirectory(client, { connections, channels, occupancy, subscriptions }),
    presence: dynamoPresence(client, environment.PRESENCE_TABLE),
    farewells: lambdaFarewells(environment.FAREWELL_WORKER),
    runs: dynamoRuns(client, environment.PUBLISH_KEYS_TABLE),
    readPositions: dynamoReadPositions(client, environment.READ_POSITIONS_TABLE),
    revocations: dynamoRevocations(client, environment.REVOCATIONS_TABLE),
  },
};

export async function handler(event: ApiEvent): Promise<ProxyResult> {
  const { requestId } = event.requestContext;
  const { status, body } = await respond(apiRequestOf(event), {
    ...context,
    ...apiCallerOf(event),
    requestId,
  });
  return {
    statusCode: status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    body: JSON.stringify(body),
  };
}
