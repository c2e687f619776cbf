/** `presence`: reads the changes of subscriptions, keeps the members of channels equal to them, and announces joins and leaves. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { parseChannel } from 'fanfare-protocol/channel';
import config from '../fanfare.config.ts';
import { placementIn } from './aws/dynamo-subscriptions.ts';
import { lambdaFarewells } from './aws/lambda-farewells.ts';
import { type BatchResponse, type Change, changesIn, settleEach } from './events/stream-event.ts';
import { lingerMsOf } from './realtime/access/presence-policy.ts';
import type { Placement } from './realtime/connections/subscription-store.ts';
import { attend, type Sighting } from './realtime/presence/attendance.ts';
import type { LingeringUser, MemberKey } from './realtime/presence/presence-store.ts';
import { environmentOf } from './wiring/environment.ts';
import { presencePorts } from './wiring/presence-ports.ts';

const environment = environmentOf('presence');
const { namespaces } = config({ local: environment.STAGE === 'local' });
const log = new Logger({ serviceName: 'presence' });
const ports = presencePorts(new DynamoDBClient(), environment, log);
const farewells = lambdaFarewells(environment.FAREWELL_WORKER);

/** Checks each user and channel of a batch once, also if the batch has several changes of them. */
export async function handler(event: unknown): Promise<BatchResponse> {
  const changes = changesIn(event);
  const sightings = sightingsOf(changes);
  const lingering: LingeringUser[] = [];
  const response = await settleEach(
    changes,
    subjectOf,
    async (subject) => {
      const sighting = sightings.get(subject);
      const leaving = sighting && (await attend(ports, sighting, lingerMsIn(sighting.channel)));
      if (leaving) lingering.push(leaving);
    },
    // The name of a user is not for the log.
    (_subject, error) =>
      log.warn('The presence of a user has to be checked again', { reason: String(error) }),
  );
  // When this fails, Lambda repeats the batch. The repetition finds the users in the state `leaving`, and starts the worker again.
  if (lingering.length > 0) await farewells.start(lingering);
  return response;
}

function sightingsOf(changes: readonly Change[]): ReadonlyMap<string, Sighting> {
  const sightings = new Map<string, MemberKey & { readonly connections: Map<string, Placement> }>();
  for (const change of changes) {
    const sighting = sightings.get(subjectOf(change)) ?? { ...placeOf(change), connections: new Map() };
    sighting.connections.set(change.key['connectionId']?.S ?? '', placementIn(change.key));
    sightings.set(subjectOf(change), sighting);
  }
  return sightings;
}

function subjectOf(change: Change): string {
  const { channel, user } = placeOf(change);
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
