/** `farewell`: waits until users without a connection have lingered, and announces the leave of each user who has not come back. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { visitInFlight } from './realtime/in-flight.ts';
import { endLinger } from './realtime/presence/attendance.ts';
import { farewellTask } from './realtime/presence/farewell-task.ts';
import type { LingeringUser } from './realtime/presence/presence-store.ts';
import { environmentOf } from './wiring/environment.ts';
import { presencePorts } from './wiring/presence-ports.ts';

/** Channels that wait or are announced at a time. Each one has a few requests for each user, and then the posts of one frame. */
const IN_FLIGHT = 16;

const log = new Logger({ serviceName: 'farewell' });
const ports = presencePorts(new DynamoDBClient(), environmentOf('farewell'), log);

/** @throws Error when it failed for some users, after it has handled all others. To repeat all of it is harmless. */
export async function handler(event: unknown): Promise<void> {
  const { lingering } = v.parse(farewellTask, event);
  let failed = 0;
  const byTime = lingering.toSorted((one, other) => one.until - other.until);
  const channels = new Map<string, LingeringUser[]>();
  for (const one of byTime) channels.set(one.channel, [...(channels.get(one.channel) ?? []), one]);
  await visitInFlight([...channels], IN_FLIGHT, async ([channel, leaving]) => {
    for (const error of (await endLinger(ports, channel, leaving)).values()) {
      failed += 1;
      log.warn('The presence of a user has to be checked again', { channel, reason: String(error) });
    }
  });
  if (failed > 0) throw new Error(`${failed} users could not be settled after they lingered`);
}
