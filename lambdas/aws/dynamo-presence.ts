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
import { dueLaneOf } from './dynamo-due-list.ts';
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
  '#lane': 'dueLane',
  '#news': 'hasNewInfo',
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
        client.send(new UpdateItemCommand({ ...keyed(place), ...updateOf(place, presence, expiresAt) })),
      ),

    async announced(place, version, isReported) {
      const command = new UpdateItemCommand({
        ...keyed(place),
        // While a version is pending, no one writes another one. So what was due is what was told, and it leaves the due list with the mark.
        UpdateExpression: isReported
          ? 'SET #announced = :version, #reported = :version, #until = :zero REMOVE #lane'
          : 'SET #announced = :version, #reported = if_not_exists(#reported, :zero)',
        // An item that is gone has no number to compare with. One that was stored before there were reports has only `announced`.
        ConditionExpression: isReported
          ? '#version = :version AND (#announced < :version OR #reported < :version)'
          : '#announced < :version',
        ExpressionAttributeNames: named('#announced', '#reported', ...(isReported ? REPORTED : [])),
        ExpressionAttributeValues: { ':version': number(version), ':zero': number(0) },
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

const REPORTED = ['#version', '#until', '#lane'] as const;

/** Writes everything but `announced`, if the stored revision is the one before. */
function updateOf(place: MemberKey, presence: Presence, expiresAt: number) {
  const { state, connections, info, hasNewInfo, until, version, revision } = presence;
  const isFirst = revision === 1;
  const ends = [...connections].map(([id, end]) => [id, number(end)]);
  return {
    UpdateExpression: expressionOf(SETS, {
      '#info': info === undefined ? undefined : ':info',
      '#news': hasNewInfo && ':news',
      '#lane': until > 0 ? ':lane' : undefined,
    }),
    ConditionExpression: isFirst ? 'attribute_not_exists(#revision)' : '#revision = :before',
    ExpressionAttributeNames: named(
      '#state',
      '#connections',
      '#until',
      '#version',
      '#announced',
      '#revision',
      '#info',
      '#news',
      '#lane',
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
      ...(hasNewInfo && { ':news': { BOOL: true } }),
      ...(until > 0 && { ':lane': number(dueLaneOf(place)) }),
      ...(!isFirst && { ':before': number(revision - 1) }),
    },
  };
}

const SETS = [
  '#state = :state, #connections = :connections, #until = :until, #version = :version',
  '#announced = if_not_exists(#announced, :zero), #revision = :revision, expiresAt = :expiresAt',
].join(', ');

/** Sets the attributes that have a value, and removes the others. */
function expressionOf(sets: string, values: Readonly<Partial<Record<Name, string | undefined>>>): string {
  const entries = Object.entries(values);
  const set = entries.flatMap(([name, value]) => (value === undefined ? [] : [`${name} = ${value}`]));
  const removed = entries.flatMap(([name, value]) => (value === undefined ? [name] : []));
  return `SET ${[sets, ...set].join(', ')}${removed.length > 0 ? ` REMOVE ${removed.join(', ')}` : ''}`;
}

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

const state = v.picklist(['arriving', 'here', 'leaving', 'gone']);

function presenceFrom(item: Item): Presence {
  const info = item['info']?.S;
  const connections = Object.entries(item['connections']?.M ?? {});
  return {
    state: v.parse(state, item['state']?.S),
    connections: new Map(connections.map(([id, end]) => [id, Number(end.N)])),
    ...(info !== undefined && { info: JSON.parse(info) }),
    ...(item['hasNewInfo']?.BOOL && { hasNewInfo: true as const }),
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
