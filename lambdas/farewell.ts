/** `farewell`: waits for users whose last connection is gone, and tells the others of who has not come back. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { visitInFlight } from './realtime/in-flight.ts';
import { endLinger } from './realtime/presence/attendance.ts';
import { farewellTask } from './realtime/presence/farewell-task.ts';
import { environmentOf } from './wiring/environment.ts';
import { presencePorts } from './wiring/presence-ports.ts';

/** A few requests each, and then the posts of one. */
const IN_FLIGHT = 16;

const log = new Logger({ serviceName: 'farewell' });
const ports = presencePorts(new DynamoDBClient(), environmentOf('farewell'), log);

/** @throws Error when it failed for some, after all others were looked at: to do all of it again is harmless. */
export async function handler(event: unknown): Promise<void> {
  const { lingering } = v.parse(farewellTask, event);
  let failed = 0;
  const byTime = lingering.toSorted((one, other) => one.until - other.until);
  await visitInFlight(byTime, IN_FLIGHT, async (leaving) => {
    await endLinger(ports, leaving).catch((error) => {
      failed += 1;
      log.warn('Somebody has to be looked at again', { channel: leaving.channel, reason: String(error) });
    });
  });
  if (failed > 0) throw new Error(`${failed} could not be bidden farewell`);
}
