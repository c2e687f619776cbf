/** `revoke`: revokes a user's tokens and closes their connections. People and programs with the right to invoke it call it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { moment } from 'fanfare-protocol/operations';
import { userId } from 'fanfare-protocol/user-id';
import * as v from 'valibot';
import { dynamoConnections } from './aws/dynamo-connections.ts';
import { dynamoRevocations } from './aws/dynamo-revocations.ts';
import { dynamoSubscriptions } from './aws/dynamo-subscriptions.ts';
import { outboundFor } from './aws/outbound.ts';
import { endOfThisSecond, revoke } from './realtime/connections/revocation.ts';
import { BATCH_SIZE } from './realtime/delivery/delivery-plan.ts';
import { environmentOf } from './wiring/environment.ts';

const environment = environmentOf('revoke');
const client = new DynamoDBClient();
const { CONNECTIONS_TABLE: connections, SUBSCRIPTIONS_TABLE: subscriptions } = environment;
const ports = {
  connections: dynamoConnections(client, { connections, subscriptions }),
  subscriptions: dynamoSubscriptions(client, subscriptions, BATCH_SIZE),
  revocations: dynamoRevocations(client, environment.REVOCATIONS_TABLE),
  outbound: outboundFor(client, environment),
  now: Date.now,
  pause: sleep,
};

/** `{"user":"ann"}`; with `issuedBefore`, in seconds since 1970, only tokens issued before then, otherwise all until now. */
const request = v.object({
  user: userId,
  issuedBefore: v.optional(moment),
});

/** @returns `{"closed": n}`, the connections that were open. */
export async function handler(event: unknown): Promise<{ readonly closed: number }> {
  const { user, issuedBefore = endOfThisSecond(Date.now()) } = v.parse(request, event);
  return { closed: await revoke(ports, user, issuedBefore) };
}
