/** The context in which client commands run on AWS, over WebSockets and over HTTP. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from '../../fanfare.config.ts';
import { type ActionContext, actionContext } from '../actions/action.ts';
import { dynamoPresence } from '../aws/dynamo-presence.ts';
import { dynamoReadPositions } from '../aws/dynamo-read-positions.ts';
import { lambdaFarewells } from '../aws/lambda-farewells.ts';
import type { toRunCommands } from '../manifest/shared-needs.ts';
import type { Log } from '../realtime/structured-log.ts';
import type { Environment } from './environment.ts';
import { publishPorts } from './publish-ports.ts';

export function commandContext(
  client: DynamoDBClient,
  environment: Environment<keyof typeof toRunCommands>,
  log: Log,
): ActionContext {
  return actionContext(config({ local: environment.STAGE === 'local' }), {
    ...publishPorts(client, environment, log),
    presence: dynamoPresence(client, environment.PRESENCE_TABLE),
    farewells: lambdaFarewells(environment.FAREWELL_WORKER),
    readPositions: dynamoReadPositions(client, environment.READ_POSITIONS_TABLE),
  });
}
