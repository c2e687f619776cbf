/** `close-expired`: the sweep that closes sockets whose token has ended, and follows a dead worker of presence; a schedule starts it. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { dynamoConnections } from './aws/dynamo-connections.ts';
import { dynamoDueList } from './aws/dynamo-due-list.ts';
import { dynamoExpiry } from './aws/dynamo-expiry.ts';
import { dynamoShifts } from './aws/dynamo-shifts.ts';
import { dynamoSubscriptions } from './aws/dynamo-subscriptions.ts';
import { lambdaFarewells } from './aws/lambda-farewells.ts';
import { socketCloser } from './aws/outbound.ts';
import { closeExpired } from './realtime/connections/expiry.ts';
import { BATCH_SIZE } from './realtime/delivery/delivery-plan.ts';
import { logLines } from './realtime/log-lines.ts';
import { followWorker } from './realtime/presence/shift.ts';
import { environmentOf } from './wiring/environment.ts';

/** A page of every lane takes seconds; on a day when the gateway is slow, the next sweep finishes it. Milliseconds. */
const LAST_PAGE_MS = 20_000;

const log = new Logger({ serviceName: 'close-expired' });
const environment = environmentOf('close-expired');
const client = new DynamoDBClient();
const { CONNECTIONS_TABLE: connections, SUBSCRIPTIONS_TABLE: subscriptions } = environment;
const ports = {
  connections: dynamoConnections(client, { connections, subscriptions }),
  subscriptions: dynamoSubscriptions(client, subscriptions, BATCH_SIZE),
  expiry: dynamoExpiry(client, connections, environment.EXPIRY_INDEX),
  outbound: socketCloser(environment),
  dueList: dynamoDueList(client, environment.PRESENCE_TABLE, environment.DUE_INDEX),
  shifts: dynamoShifts(client, environment.PRESENCE_TABLE),
  farewells: lambdaFarewells(environment.FAREWELL_WORKER),
  log,
  now: Date.now,
};

/** The content of the event is not used. */
export async function handler(_event: unknown, lambda: Pick<Context, 'getRemainingTimeInMillis'>) {
  const swept = await closeExpired(ports, Date.now() + lambda.getRemainingTimeInMillis() - LAST_PAGE_MS);
  await follow();
  if (!swept.isDone) log.warn(logLines.sweepUnfinished, swept);
  return swept;
}

/** The next sweep does it when this one fails. */
async function follow(): Promise<void> {
  try {
    const isOverdue = await followWorker(ports, `sweep ${Date.now()}`);
    if (isOverdue) log.warn(logLines.presenceOverdue);
  } catch (error) {
    log.warn(logLines.dueListUnread, { reason: String(error) });
  }
}
