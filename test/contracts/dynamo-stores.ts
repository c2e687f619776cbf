/** The stores on a DynamoDB API, in the tables that the template declares. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoCharges } from '../../lambdas/aws/dynamo-charges.ts';
import { dynamoClaims, dynamoLateFrames, dynamoNewestLateFrame } from '../../lambdas/aws/dynamo-claims.ts';
import { dynamoConnections } from '../../lambdas/aws/dynamo-connections.ts';
import { dynamoDirectory } from '../../lambdas/aws/dynamo-directory.ts';
import { dynamoDueList } from '../../lambdas/aws/dynamo-due-list.ts';
import { dynamoExpiry } from '../../lambdas/aws/dynamo-expiry.ts';
import { dynamoHttpSessions } from '../../lambdas/aws/dynamo-http-sessions.ts';
import { dynamoLeases } from '../../lambdas/aws/dynamo-leases.ts';
import { dynamoLog } from '../../lambdas/aws/dynamo-log.ts';
import { dynamoMailboxes } from '../../lambdas/aws/dynamo-mailboxes.ts';
import { dynamoOccupancy } from '../../lambdas/aws/dynamo-occupancy.ts';
import { dynamoOpenings } from '../../lambdas/aws/dynamo-openings.ts';
import { dynamoPlaces } from '../../lambdas/aws/dynamo-places.ts';
import { dynamoPresence } from '../../lambdas/aws/dynamo-presence.ts';
import { dynamoReadPositions } from '../../lambdas/aws/dynamo-read-positions.ts';
import { dynamoRevocations } from '../../lambdas/aws/dynamo-revocations.ts';
import { dynamoRuns } from '../../lambdas/aws/dynamo-runs.ts';
import { dynamoShards } from '../../lambdas/aws/dynamo-shards.ts';
import { dynamoShifts } from '../../lambdas/aws/dynamo-shifts.ts';
import { dynamoSubscriptions } from '../../lambdas/aws/dynamo-subscriptions.ts';
import { dynamoTurns } from '../../lambdas/aws/dynamo-turns.ts';
import { dynamoValues } from '../../lambdas/aws/dynamo-values.ts';
import { dynamoWindows } from '../../lambdas/aws/dynamo-windows.ts';
import { BATCH_SIZE } from '../../lambdas/realtime/delivery/delivery-plan.ts';
import type { LogStore } from '../../lambdas/realtime/log/log-store.ts';
import type { TurnStore } from '../../lambdas/realtime/log/turn-store.ts';
import type { ValueStore } from '../../lambdas/realtime/log/value-store.ts';
import { createTables } from '../../packages/local/src/dynamodb/create-tables.ts';
import { readAppModel } from '../../packages/local/src/template/app-model.ts';
import { parseTemplate } from '../../packages/local/src/template/cloud-formation.ts';
import { templateOf } from '../lib/template.ts';
import type { MemoryStores } from '../memory/memory-stores.ts';

const { tables } = readAppModel(parseTemplate(templateOf('local').toJSON()));

export interface DynamoStores extends MemoryStores {
  readonly client: DynamoDBClient;
  readonly channelLog: LogStore;
  readonly turns: TurnStore;
  readonly values: ValueStore;
}

/** Creates the tables; the client is for its user to destroy. */
export async function storesOn(endpoint: string): Promise<DynamoStores> {
  await createTables(endpoint, tables);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  const [connections, subscriptions] = [tableName('Connections'), tableName('Subscriptions')];
  const stored = dynamoConnections(client, { connections, subscriptions });
  return {
    client,
    connections: stored,
    charges: dynamoCharges(client, tableName('Charges'), stored),
    subscriptions: dynamoSubscriptions(client, subscriptions, BATCH_SIZE),
    shards: dynamoShards(client, tableName('Channels'), Date.now),
    claims: dynamoClaims(client, tableName('DeliveryClaims'), Date.now),
    lateFrames: dynamoLateFrames(client, tableName('DeliveryClaims'), Date.now),
    newestLate: dynamoNewestLateFrame(client, tableName('DeliveryClaims')),
    occupancy: dynamoOccupancy(client, tableName('Occupancy'), Date.now),
    expiry: dynamoExpiry(client, connections, 'ByEnd', 10),
    httpSessions: dynamoHttpSessions(client, tableName('HttpSessions')),
    openings: dynamoOpenings(client, tableName('HttpSessions')),
    places: dynamoPlaces(client, tableName('HttpSessions')),
    mailboxes: dynamoMailboxes(client, tableName('Mailboxes'), Date.now),
    leases: dynamoLeases(client, { connections, subscriptions }),
    revocations: dynamoRevocations(client, tableName('Revocations')),
    runs: dynamoRuns(client, tableName('PublishKeys')),
    presence: dynamoPresence(client, tableName('Presence')),
    dueList: dynamoDueList(client, tableName('Presence'), 'ByDue'),
    windows: dynamoWindows(client, tableName('Presence')),
    shifts: dynamoShifts(client, tableName('Presence')),
    readPositions: dynamoReadPositions(client, tableName('ReadPositions')),
    directory: dynamoDirectory(client, {
      connections,
      channels: tableName('Channels'),
      occupancy: tableName('Occupancy'),
      subscriptions,
    }),
    turns: dynamoTurns(client, tableName('Channels')),
    values: dynamoValues(client, { values: tableName('Values'), messages: tableName('Messages') }),
    channelLog: dynamoLog(client, {
      channels: tableName('Channels'),
      messages: tableName('Messages'),
      publishKeys: tableName('PublishKeys'),
    }),
  };
}

/** The name of the only table that has this in its name. */
export function tableName(part: string): string {
  const found = tables.find(({ name }) => name.includes(part));
  if (!found) throw new Error(`The template has no table ${part}`);
  return found.name;
}
