/**
 * Charges connections in DynamoDB, each in a small item of its own: in the item of the connection, a charge would cost as many write
 * units as the connection's channels have KB. One conditional update, which says of a refusal how long to wait.
 */

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Charge, ChargeRequest, ChargeStore } from '../realtime/access/charge-store.ts';
import type { ConnectionStore } from '../realtime/connections/connection-store.ts';
import type { Item } from './record-item.ts';

/**
 * An item is kept for this long after a connection with a full bucket is idle again. From then on it says the same as no item, so TTL
 * deletes it, which costs nothing. Milliseconds.
 */
export const CHARGE_KEPT_MS = 60_000;

/** Names an item. */
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

export function dynamoCharges(
  client: DynamoDBClient,
  table: string,
  connections: Pick<ConnectionStore, 'isStored'>,
): ChargeStore {
  return {
    async charge(connectionId, bill) {
      const keyed = { TableName: table, Key: { connectionId: { S: connectionId } } };
      const charging = chargeItem(client, keyed, bill);
      if (bill.isKnown) return charging;
      const [charge, isThere] = await Promise.all([charging, connections.isStored(connectionId)]);
      return isThere ? charge : { kind: 'gone' };
    },
  };
}

/** A wrong guess costs one more request. The recursion ends, because `busyUntil` never moves back. */
async function chargeItem(
  client: DynamoDBClient,
  keyed: Keyed,
  bill: ChargeRequest,
): Promise<Exclude<Charge, { kind: 'gone' }>> {
  const { costMs, burstMs, now, isBusy } = bill;
  const latest = now + burstMs - costMs;
  const way = isBusy ? further(costMs, now, latest) : fromNow(costMs, now);
  const expiresAt = Math.ceil((now + burstMs + CHARGE_KEPT_MS) / 1000);
  const { charged, inTheWay } = await attempt(client, keyed, way, expiresAt);
  if (charged) return { kind: 'charged', busyUntil: busyUntilOf(charged) };
  // A busy connection has an item. An idle one is refused only because of its item, which an implementation may not return.
  if (!inTheWay && isBusy) return chargeItem(client, keyed, { ...bill, isBusy: false });
  const item = inTheWay ?? (await client.send(new GetItemCommand({ ...keyed, ConsistentRead: true }))).Item;
  const busyUntil = busyUntilOf(item);
  if (busyUntil > Math.max(now, latest)) return { kind: 'limited', busyUntil };
  return chargeItem(client, keyed, { ...bill, isBusy: busyUntil > now });
}

function fromNow(costMs: number, now: number): Way {
  return {
    expression: ':then',
    condition: 'attribute_not_exists(busyUntil) OR busyUntil <= :now',
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
  expiresAt: number,
): Promise<Attempt> {
  const command = new UpdateItemCommand({
    ...keyed,
    UpdateExpression: `SET busyUntil = ${expression}, expiresAt = :expiresAt`,
    ConditionExpression: condition,
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries({ ...values, ':expiresAt': expiresAt }).map(([name, value]) => [
        name,
        { N: String(value) },
      ]),
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

function busyUntilOf(item: Item = {}): number {
  return Number(item['busyUntil']?.N ?? 0);
}
