/** Presence in DynamoDB, keyed by channel and user so that a query finds the users of a channel in their order. */

import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import type { Presence } from '../realtime/presence/presence-state.ts';
import type { MemberKey, PresenceStore } from '../realtime/presence/presence-store.ts';
import { conditionHolds } from './condition.ts';
import type { Item } from './record-item.ts';

/** Most of these are reserved words. */
const names = {
  '#user': 'user',
  '#state': 'state',
  '#connections': 'connections',
  '#info': 'info',
  '#until': 'until',
  '#version': 'version',
  '#announced': 'announced',
  '#reported': 'reported',
  '#revision': 'revision',
} as const;

type Name = keyof typeof names;

export function dynamoPresence(client: DynamoDBClient, table: string): PresenceStore {
  const keyed = ({ channel, user }: MemberKey) => ({
    TableName: table,
    Key: { channel: { S: channel }, user: { S: user } },
  });

  return {
    async read(place) {
      const { Item } = await client.send(new GetItemCommand({ ...keyed(place), ConsistentRead: true }));
      return Item && presenceFrom(Item);
    },

    write: (place, presence, expiresAt) =>
      conditionHolds(
        client.send(new UpdateItemCommand({ ...keyed(place), ...updateOf(presence, expiresAt) })),
      ),

    async announced(place, version, isReported) {
      const command = new UpdateItemCommand({
        ...keyed(place),
        UpdateExpression: `SET #announced = :version, #reported = ${isReported ? ':version' : 'if_not_exists(#reported, :zero)'}`,
        // An item that is gone has no number to compare with. One that was stored before there were reports has only `announced`.
        ConditionExpression: isReported
          ? '#announced < :version OR (#announced = :version AND #reported < :version)'
          : '#announced < :version',
        ExpressionAttributeNames: named('#announced', '#reported'),
        ExpressionAttributeValues: {
          ':version': number(version),
          ...(!isReported && { ':zero': number(0) }),
        },
      });
      await conditionHolds(client.send(command));
    },

    async page(channel, after = '') {
      const query = new QueryCommand({ TableName: table, ...pageOf(channel, after) });
      const { Items = [], LastEvaluatedKey } = await client.send(query);
      const next = LastEvaluatedKey?.['user']?.S;
      return {
        rows: Items.map((item) => ({ channel, user: item['user']?.S ?? '', ...presenceFrom(item) })),
        ...(next !== undefined && { next }),
      };
    },
  };
}

/** Writes everything but `announced`, if the stored revision is the one before. */
function updateOf(presence: Presence, expiresAt: number) {
  const { state, connections, info, until, version, revision } = presence;
  const isFirst = revision === 1;
  const ends = [...connections].map(([id, end]) => [id, number(end)]);
  return {
    UpdateExpression: `SET ${SETS}${info === undefined ? ' REMOVE #info' : ', #info = :info'}`,
    ConditionExpression: isFirst ? 'attribute_not_exists(#revision)' : '#revision = :before',
    ExpressionAttributeNames: named(
      '#state',
      '#connections',
      '#until',
      '#version',
      '#announced',
      '#revision',
      '#info',
    ),
    ExpressionAttributeValues: {
      ':state': { S: state },
      ':connections': { M: Object.fromEntries(ends) },
      ':until': number(until),
      ':version': number(version),
      ':zero': number(0),
      ':revision': number(revision),
      ':expiresAt': number(expiresAt),
      ...(info !== undefined && { ':info': { S: JSON.stringify(info) } }),
      ...(!isFirst && { ':before': number(revision - 1) }),
    },
  };
}

const SETS = [
  '#state = :state, #connections = :connections, #until = :until, #version = :version',
  '#announced = if_not_exists(#announced, :zero), #revision = :revision, expiresAt = :expiresAt',
].join(', ');

/** The users of a channel after a user. Users who are gone are left out, unless their leave was not announced yet. */
function pageOf(channel: string, after: string) {
  const start = after === '' ? [] : (['#user'] as const);
  return {
    KeyConditionExpression: `channel = :channel${after === '' ? '' : ' AND #user > :after'}`,
    FilterExpression: '#state <> :gone OR #version > #announced OR #version > #reported',
    ExpressionAttributeNames: named(...start, '#state', '#version', '#announced', '#reported'),
    ExpressionAttributeValues: {
      ':channel': { S: channel },
      ':gone': { S: 'gone' },
      ...(after !== '' && { ':after': { S: after } }),
    },
    ConsistentRead: true,
  };
}

const state = v.picklist(['here', 'leaving', 'gone']);

function presenceFrom(item: Item): Presence {
  const info = item['info']?.S;
  const connections = Object.entries(item['connections']?.M ?? {});
  return {
    state: v.parse(state, item['state']?.S),
    connections: new Map(connections.map(([id, end]) => [id, Number(end.N)])),
    ...(info !== undefined && { info: JSON.parse(info) }),
    until: Number(item['until']?.N),
    version: Number(item['version']?.N),
    announced: Number(item['announced']?.N),
    reported: Number(item['reported']?.N ?? item['announced']?.N),
    revision: Number(item['revision']?.N),
  };
}

function named(...used: readonly Name[]): Record<string, string> {
  return Object.fromEntries(used.map((name) => [name, names[name]]));
}

function number(value: number): { readonly N: string } {
  return { N: String(value) };
}
