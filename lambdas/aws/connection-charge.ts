/** Charges a connection's item for frames: one conditional update, which says of a refusal how long to wait. */

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Charge, ChargeRequest } from '../realtime/access/charge-store.ts';
import type { Item } from './record-item.ts';

/** Names the item of a connection. */
interface Keyed {
  readonly TableName: string;
  readonly Key: Item;
}

/** An update expression has no maximum function, so idle and busy connections need two different updates. */
interface Way {
  readonly expression: string;
  readonly condition: string;
  readonly values: Readonly<Record<string, number>>;
}

/** A wrong guess costs one more request. The recursion ends, because `busyUntil` never moves back. */
export async function chargeConnection(
  client: DynamoDBClient,
  keyed: Keyed,
  bill: ChargeRequest,
): Promise<Charge> {
  const { costMs, burstMs, now, isBusy } = bill;
  const latest = now + burstMs - costMs;
  const way = isBusy ? further(costMs, now, latest) : fromNow(costMs, now);
  const { charged, inTheWay } = await attempt(client, keyed, way);
  if (charged) return { kind: 'charged', busyUntil: busyUntilOf(charged) };
  // An implementation that does not return the item with the failed condition is asked for it.
  const item = inTheWay ?? (await client.send(new GetItemCommand({ ...keyed, ConsistentRead: true }))).Item;
  if (!item) return { kind: 'gone' };
  const busyUntil = busyUntilOf(item);
  if (busyUntil > Math.max(now, latest)) return { kind: 'limited', busyUntil };
  return chargeConnection(client, keyed, { ...bill, isBusy: busyUntil > now });
}

function fromNow(costMs: number, now: number): Way {
  return {
    expression: ':then',
    condition: 'attribute_exists(connectionId) AND (attribute_not_exists(busyUntil) OR busyUntil <= :now)',
    values: { ':now': now, ':then': now + costMs },
  };
}

function further(costMs: number, now: number, latest: number): Way {
  return {
    expression: 'busyUntil + :cost',
    condition: 'busyUntil BETWEEN :now AND :latest',
    values: { ':cost': costMs, ':now': now, ':latest': latest },
  };
}

/** The item as it was charged, or as it refused the charge. */
interface Attempt {
  readonly charged?: Item | undefined;
  readonly inTheWay?: Item | undefined;
}

async function attempt(
  client: DynamoDBClient,
  keyed: Keyed,
  { expression, condition, values }: Way,
): Promise<Attempt> {
  const command = new UpdateItemCommand({
    ...keyed,
    UpdateExpression: `SET busyUntil = ${expression}`,
    ConditionExpression: condition,
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, { N: String(value) }]),
    ),
    ReturnValues: 'UPDATED_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    return { charged: (await client.send(command)).Attributes ?? {} };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { inTheWay: error.Item };
    throw error;
  }
}

function busyUntilOf(item: Item): number {
  return Number(item['busyUntil']?.N ?? 0);
}
