/** The context in which client commands run on AWS, over WebSockets and over HTTP. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from 'fanfare-config';
import { type ActionContext, actionContext } from '../actions/action.ts';
import { dynamoCharges } from '../aws/dynamo-charges.ts';
import { dynamoPresence } from '../aws/dynamo-presence.ts';
import { dynamoReadPositions } from '../aws/dynamo-read-positions.ts';
import { dynamoRuns } from '../aws/dynamo-runs.ts';
import { lambdaFarewells } from '../aws/lambda-farewells.ts';
import type { toRunCommands } from '../manifest/shared-needs.ts';
import { stageInfo } from '../realtime/access/stage-info.ts';
import type { Log } from '../realtime/structured-log.ts';
import type { Environment } from './environment.ts';
import { publishPorts } from './publish-ports.ts';

export function commandContext(
  client: DynamoDBClient,
  environment: Environment<keyof typeof toRunCommands>,
  log: Log,
): ActionContext {
  const ports = publishPorts(client, environment, log);
  return actionContext(config(stageInfo(environment.STAGE)), {
    ...ports,
    charges: dynamoCharges(client, environment.CHARGES_TABLE, ports.connections),
    presence: dynamoPresence(client, environment.PRESENCE_TABLE),
    farewells: lambdaFarewells(environment.FAREWELL_WORKER),
    runs: dynamoRuns(client, environment.PUBLISH_KEYS_TABLE),
    readPositions: dynamoReadPositions(client, environment.READ_POSITIONS_TABLE),
  });
}
