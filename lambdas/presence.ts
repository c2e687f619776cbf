/** `presence`: reads the changes of subscriptions, keeps the members of channels equal to them, and announces joins and leaves. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from 'fanfare-config';
import { parseChannel } from 'fanfare-protocol/channel';
import { dynamoShifts } from './aws/dynamo-shifts.ts';
import { lambdaFarewells } from './aws/lambda-farewells.ts';
import { placementIn } from './aws/subscription-item.ts';
import { type BatchResponse, type Change, changesIn } from './events/stream-event.ts';
import { lingerMsOf } from './realtime/access/presence-policy.ts';
import { stageInfo } from './realtime/access/stage-info.ts';
import type { Placement } from './realtime/connections/subscription-store.ts';
import { visitInFlight } from './realtime/in-flight.ts';
import { logLines } from './realtime/log-lines.ts';
import { attend, type Sighting } from './realtime/presence/attendance.ts';
import type { MemberKey } from './realtime/presence/presence-store.ts';
import { callWorker } from './realtime/presence/shift.ts';
import { environmentOf } from './wiring/environment.ts';
import { presencePorts } from './wiring/presence-ports.ts';

const environment = environmentOf('presence');
const { namespaces } = config(stageInfo(environment.STAGE));
const log = new Logger({ serviceName: 'presence' });
const client = new DynamoDBClient();
const ports = {
  ...presencePorts(client, environment, log),
  shifts: dynamoShifts(client, environment.PRESENCE_TABLE),
  farewells: lambdaFarewells(environment.FAREWELL_WORKER),
};

const CHANNELS_IN_FLIGHT = 8;

/** Checks each user and channel of a batch once, also if the batch has several changes of them, and announces the changes of a channel together. */
export async function handler(event: unknown): Promise<BatchResponse> {
  const changes = changesIn(event);
  let isDue = false;
  const failed = new Set<string>();
  await visitInFlight([...sightingsOf(changes)], CHANNELS_IN_FLIGHT, async ([channel, users]) => {
    const attended = await attend(ports, channel, [...users.values()], lingerMsIn(channel));
    isDue ||= attended.isDue;
    for (const [user, error] of attended.failed) {
      failed.add(subjectOf({ channel, user }));
      // The name of a user is not for the log.
      log.warn(logLines.presenceCheckedAgain, { reason: String(error) });
    }
  });
  // When this fails, Lambda repeats the batch. The repetition finds the users in the due list, and calls the worker by the same name.
  const [first] = changes;
  if (isDue && first) await callWorker(ports, first.sequenceNumber);
  const again = changes.filter((change) => failed.has(subjectOf(placeOf(change))));
  return { batchItemFailures: again.map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })) };
}

interface Sighted extends Sighting {
  readonly connections: Map<string, Placement>;
}

/** The users that the changes name, by their channel and id. */
function sightingsOf(changes: readonly Change[]): ReadonlyMap<string, ReadonlyMap<string, Sighted>> {
  const channels = new Map<string, Map<string, Sighted>>();
  for (const change of changes) {
    const { channel, user } = placeOf(change);
    const users = channels.get(channel) ?? new Map<string, Sighted>();
    const sighting = users.get(user) ?? { user, connections: new Map() };
    sighting.connections.set(change.key['connectionId']?.S ?? '', placementIn(change.key));
    channels.set(channel, users.set(user, sighting));
  }
  return channels;
}

function subjectOf({ channel, user }: MemberKey): string {
  return JSON.stringify([channel, user]);
}

function placeOf({ key, before, after }: Change): MemberKey {
  return { channel: placementIn(key).channel, user: (after ?? before)?.['user']?.S ?? '' };
}

/** In a namespace that this version of the configuration does not have, users do not linger. */
function lingerMsIn(channel: string): number {
  const { namespace = '' } = parseChannel(channel) ?? {};
  const policy = Object.hasOwn(namespaces, namespace) ? namespaces[namespace] : undefined;
  return policy ? lingerMsOf(policy) : 0;
}
