/** The answers of DynamoDB: possible items, and every way in which a request can fail. */

import * as v from 'valibot';
import { HEAD } from './head.ts';

/** Status and body of an answer. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

type Random = () => number;

const number = v.object({ N: v.pipe(v.string(), v.transform(Number)) });

/** As much of any request as answers depend on. */
const request = v.object({
  ConditionExpression: v.optional(v.string()),
  KeyConditionExpression: v.optional(v.string(), ''),
  ExpressionAttributeValues: v.optional(
    v.object({ ':from': v.optional(number), ':to': v.optional(number) }),
    {},
  ),
  ExclusiveStartKey: v.optional(v.object({ seq: v.optional(number) }), {}),
  ScanIndexForward: v.optional(v.boolean(), true),
  RequestItems: v.optional(v.record(v.string(), v.unknown()), {}),
});

type Request = v.InferOutput<typeof request>;

/** The operations that functions use. */
const operations: Readonly<Record<string, (request: Request, random: Random) => Answer>> = {
  GetItem: (_request, random) => ok(random() < 0.2 ? {} : { Item: item(random) }),
  DeleteItem: (_request, random) => ok({ Attributes: item(random) }),
  PutItem: (asked, random) => (refuses(asked, random) ? conditionFailed() : ok({})),
  UpdateItem: (asked, random) =>
    refuses(asked, random) ? conditionFailed(remaining(asked, random)) : ok({ Attributes: item(random) }),
  TransactWriteItems: (_asked, random) =>
    random() < 0.2
      ? failure(400, 'TransactionCanceledException', { CancellationReasons: reasons(random) })
      : ok({}),
  Query: (asked, random) =>
    ok(asked.KeyConditionExpression.includes('seq') ? records(asked, random) : subscribers(random)),
  BatchWriteItem: ({ RequestItems }, random) => ok({ UnprocessedItems: random() < 0.05 ? RequestItems : {} }),
};

const failures: readonly Answer[] = [
  failure(500, 'InternalServerError'),
  failure(400, 'ProvisionedThroughputExceededException'),
  failure(400, 'AccessDeniedException'),
  failure(400, 'ResourceNotFoundException'),
  { status: 200, body: '<html>Bad gateway</html>' },
  { status: 200, body: '{"Item":{"seq":{"N":' },
  { status: 503, body: '' },
];

/** @param failing the share of requests that fail for no reason of their own. */
export function answerOf(operation: string, body: string, random: Random, failing: number): Answer {
  if (random() < failing) return pick(failures, random);
  const answer = operations[operation];
  if (!answer) throw new Error(`No function may do ${operation}`);
  return answer(v.parse(request, JSON.parse(body)), random);
}

/** Of two parts: none, one or both have failed their condition. */
function reasons(random: Random): object[] {
  return [0, 1].map(() => ({ Code: random() < 0.5 ? 'ConditionalCheckFailed' : 'None' }));
}

function refuses({ ConditionExpression }: Request, random: Random): boolean {
  return ConditionExpression !== undefined && random() < 0.1;
}

/** What a refused update says of its item: how it is, or that there is no such item any more, unless the condition would hold then. */
function remaining({ ConditionExpression }: Request, random: Random): object {
  const holdsIfAbsent = ConditionExpression?.startsWith('attribute_not_exists') === true;
  return random() < 0.4 && !holdsIfAbsent ? {} : { Item: item(random) };
}

/** One item for all tables: each reader takes the attributes that it knows. */
function item(random: Random) {
  const isYoung = random() < 0.1;
  return {
    connectionId: { S: 'Y29ubmVjdGlvbg==' },
    channels: { M: { 'chat:room': { N: '0' }, '@all': { N: '1' } } },
    busyUntil: { N: String(Date.now() + Math.floor(random() * 12_000)) },
    seq: { N: String(HEAD) },
    batchFrom: { N: String(HEAD) },
    batchTo: { N: String(HEAD) },
    createdAt: { N: String(isYoung ? HEAD - 3 : HEAD - 100) },
    ...(random() < 0.2 && { shardCount: { N: String(1 + Math.floor(random() * 3)) } }),
    ...(random() < 0.2 && { issuedBefore: { N: random() < 0.5 ? '0' : '9999999999' } }),
    data: { S: '"stored"' },
    time: { N: String(Date.now()) },
  };
}

/** The longest log that is read at once, and how much of a reply one of its messages may fill. */
const MOST_RECORDS = 60;
const LARGE = JSON.stringify('é'.repeat(1_500));

/** Records of the range, or nearly all of them, a page at a time. */
function records(
  { ExpressionAttributeValues, ExclusiveStartKey, ScanIndexForward }: Request,
  random: Random,
) {
  const { ':from': from = { N: HEAD }, ':to': to = { N: HEAD } } = ExpressionAttributeValues;
  const reached = ExclusiveStartKey.seq?.N;
  const lowest = ScanIndexForward && reached !== undefined ? reached + 1 : from.N;
  const highest = Math.min(!ScanIndexForward && reached !== undefined ? reached - 1 : to.N, HEAD);
  const left = Math.max(0, highest - lowest + 1);
  const count = Math.min(left, MOST_RECORDS);
  const first = ScanIndexForward ? lowest : highest - count + 1;
  const data = random() < 0.03 ? LARGE : '{"text":"stored"}';
  const time = { N: String(Date.now() - (random() < 0.1 ? 48 * 3_600_000 : 0)) };
  const Items = Array.from({ length: count }, (_, index) => ({
    seq: { N: String(first + index) },
    time,
    ...recordOf(random, first, data),
  }));
  if (random() < 0.01) Items.splice(Math.floor(random() * count), 2);
  if (!ScanIndexForward) Items.reverse();
  return { Items, Count: Items.length, ...(left > count && { LastEvaluatedKey: Items.at(-1) }) };
}

function recordOf(random: Random, first: number, data: string): object {
  const chance = random();
  if (chance < 0.05) return { void: { BOOL: true } };
  const from = { S: 'ann' };
  return chance < 0.1 ? { from, replaces: { N: String(first) } } : { from, data: { S: data } };
}

/** Few, or now and then more than one user may have, or more than one reply can name. */
function subscribers(random: Random) {
  const chance = random();
  const count = chance < 1 / 300 ? 1_500 : chance < 1 / 60 ? 150 : Math.floor(random() * 3);
  const user = count > 150 ? 'a'.repeat(150) : 'ann';
  const Items = Array.from({ length: count }, (_, index) => ({
    connectionId: { S: `c${index}` },
    shardCount: { N: '1' },
    ...(random() < 0.7 && { user: { S: `${user}${index}` } }),
    expiresAt: { N: random() < 0.1 ? '1' : '9999999999' },
  }));
  return { Items, Count: count, ...(random() < 0.05 && { LastEvaluatedKey: { connectionId: { S: 'c' } } }) };
}

function conditionFailed(more: object = {}): Answer {
  return failure(400, 'ConditionalCheckFailedException', more);
}

function ok(content: object): Answer {
  return { status: 200, body: JSON.stringify(content) };
}

function failure(status: number, name: string, more: object = {}): Answer {
  const __type = `com.amazonaws.dynamodb.v20120810#${name}`;
  return { status, body: JSON.stringify({ __type, message: 'As planned.', ...more }) };
}

export function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from');
  return item;
}
