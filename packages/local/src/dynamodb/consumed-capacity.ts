/**
 * What a request to the embedded DynamoDB consumes, by asking it to tell: `ReturnConsumedCapacity` is slipped into the
 * request, and what it adds is cut out of the answer again, in text, because parsing both would cost more than the store.
 */

import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import type { ConsumedCapacity } from '../bill/meter.ts';
import type { RawAnswer } from './store-behind.ts';

/** The operations that consume capacity and can tell how much. */
const kinds: ReadonlyMap<string, ConsumedCapacity['kind']> = new Map([
  ['GetItem', 'read'],
  ['BatchGetItem', 'read'],
  ['Query', 'read'],
  ['Scan', 'read'],
  ['PutItem', 'write'],
  ['UpdateItem', 'write'],
  ['DeleteItem', 'write'],
  ['BatchWriteItem', 'write'],
]);

export function consumesCapacity(operation: string): boolean {
  return kinds.has(operation);
}

/** Of a caller who wants to know himself, the answer stays as it is. */
const ASKED = 'ReturnConsumedCapacity';

const QUESTION = Buffer.from(`{"${ASKED}":"TOTAL",`);

/** The same request with the question in front; the caller's own, if there is one, comes later and so prevails. */
export function asking(body: Buffer): Buffer {
  return /^\{\s*"/.test(body.toString('latin1', 0, 16)) ? Buffer.concat([QUESTION, body.subarray(1)]) : body;
}

/** In an item it cannot stand like this: there, values are wrapped in the name of their type. */
const TOLD = /"ConsumedCapacity":(?<told>\{"CapacityUnits":[^{}]*\}|\[(?:\{"CapacityUnits":[^{}]*\},?)*\])/;

const capacity = v.object({ CapacityUnits: v.number(), TableName: v.string() });
const told = v.union([capacity, v.array(capacity)]);
const tellingAnswer = v.object({ ConsumedCapacity: v.optional(told, []) });

export interface Told {
  /** What the caller gets. */
  readonly answer: RawAnswer;
  readonly consumed: readonly ConsumedCapacity[];
}

/** Takes what the store told out of its answer. */
export function taking(operation: string, body: Buffer, answer: RawAnswer): Told {
  const kind = kinds.get(operation);
  if (!kind || answer.status !== 200) return { answer, consumed: [] };
  const consumed = (capacities: v.InferOutput<typeof told>) =>
    [capacities].flat().map(({ TableName: tableName, CapacityUnits: units }) => ({
      kind,
      tableName,
      units: corrected(units, operation, body),
    }));
  if (body.includes(ASKED)) {
    const { ConsumedCapacity } = v.parse(tellingAnswer, JSON.parse(answer.body));
    return { answer, consumed: consumed(ConsumedCapacity) };
  }
  const found = TOLD.exec(answer.body);
  if (!found?.groups) return { answer, consumed: [] };
  const capacities = v.parse(told, JSON.parse(found.groups['told'] ?? ''));
  return { answer: without(found, answer), consumed: consumed(capacities) };
}

/** Where dynalite counts less than AWS: what finds nothing is not free there, and a scan can be consistent. */
function corrected(units: number, operation: string, body: Buffer): number {
  if (operation !== 'Query' && operation !== 'Scan') return units;
  const isConsistent = body.includes('"ConsistentRead":true');
  const counted = operation === 'Scan' && isConsistent ? 2 * units : units;
  return Math.max(counted, isConsistent ? 1 : 0.5);
}

function without({ index, 0: { length } }: RegExpExecArray, answer: RawAnswer): RawAnswer {
  const before = answer.body.slice(0, index);
  const after = answer.body.slice(index + length);
  const body = before.endsWith(',') ? before.slice(0, -1) + after : before + after.replace(/^,/, '');
  const headers = {
    ...answer.headers,
    'x-amz-crc32': crc32(body),
    'Content-Length': Buffer.byteLength(body),
  };
  return { ...answer, headers, body };
}
