/** `farewell`: waits for users who may come back, or whose channel gathers changes, and makes and announces what is due. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { dynamoDueList } from './aws/dynamo-due-list.ts';
import { dynamoShifts } from './aws/dynamo-shifts.ts';
import { lambdaFarewells } from './aws/lambda-farewells.ts';
import { visitInFlight } from './realtime/in-flight.ts';
import { logLines } from './realtime/log-lines.ts';
import { makeDue } from './realtime/presence/attendance.ts';
import { farewellTask } from './realtime/presence/farewell-task.ts';
import type { DueUser } from './realtime/presence/presence-store.ts';
import { byChannel, workShift } from './realtime/presence/shift.ts';
import { environmentOf } from './wiring/environment.ts';
import { presencePorts } from './wiring/presence-ports.ts';

/** Channels that are announced at a time. Each one has a few requests for each user, and then the posts of one frame. */
const IN_FLIGHT = 16;

/** A turn takes seconds; the next worker goes on after that. Milliseconds. */
const LAST_TURN_MS = 60_000;

const log = new Logger({ serviceName: 'farewell' });
const environment = environmentOf('farewell');
const client = new DynamoDBClient();
const ports = {
  ...presencePorts(client, environment, log),
  dueList: dynamoDueList(client, environment.PRESENCE_TABLE, environment.DUE_INDEX),
  shifts: dynamoShifts(client, environment.PRESENCE_TABLE),
  farewells: lambdaFarewells(environment.FAREWELL_WORKER),
};

export async function handler(
  event: unknown,
  lambda: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<void> {
  const task = v.parse(farewellTask, event);
  if ('lingering' in task) return check(task.lingering);
  await workShift(ports, task.worker, Date.now() + lambda.getRemainingTimeInMillis() - LAST_TURN_MS);
}

/** @throws Error when it failed for some users, after it has handled all others. To repeat all of it is harmless. */
async function check(users: readonly DueUser[]): Promise<void> {
  // A version before this one had each batch of users waited for on its own, and its last tasks may come to this one.
  const until = Math.max(0, ...users.map((one) => one.until));
  while (ports.now() < until) await ports.pause(until - ports.now());
  let failed = 0;
  await visitInFlight([...byChannel(users)], IN_FLIGHT, async ([channel, due]) => {
    for (const error of (await makeDue(ports, channel, due)).values()) {
      failed += 1;
      log.warn(logLines.presenceCheckedAgain, { channel, reason: String(error) });
    }
  });
  if (failed > 0) throw new Error(`${failed} users could not be settled`);
}
