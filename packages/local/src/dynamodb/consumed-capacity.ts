/**
 * Measures the capacity that a request to the embedded DynamoDB consumes. It adds `ReturnConsumedCapacity` to the request, and removes
 * the result from the answer. Both are edited as text, because parsing would take longer than the store itself.
 */

import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import type { ConsumedCapacity } from '../bill/meter.ts';
import type { RawAnswer } from './store-behind.ts';

/** The operations that consume capacity and can report it. */
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

/** If the caller asks for the capacity, the answer stays unchanged. */
const ASKED = 'ReturnConsumedCapacity';

const QUESTION = Buffer.from(`{"${ASKED}":"TOTAL",`);

/** Adds the member in front. If the caller has set it as well, its value stands later in the text and wins. */
export function asking(body: Buffer): Buffer {
  return /^\{\s*"/.test(body.toString('latin1', 0, 16)) ? Buffer.concat([QUESTION, body.subarray(1)]) : body;
}

/** An item cannot contain this text, because its values are wrapped in the name of their type. */
const TOLD = /"ConsumedCapacity":(?<told>\{"CapacityUnits":[^{}]*\}|\[(?:\{"CapacityUnits":[^{}]*\},?)*\])/;

const capacity = v.object({ CapacityUnits: v.number(), TableName: v.string() });
const told = v.union([capacity, v.array(capacity)]);
const tellingAnswer = v.object({ ConsumedCapacity: v.optional(told, []) });

export interface Told {
  /** The answer for the caller. */
  readonly answer: RawAnswer;
  readonly consumed: readonly ConsumedCapacity[];
}

/** Removes the consumed capacity from the answer of the store. */
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

/** Corrects dynalite, which counts less than AWS: a read that finds nothing is not free on AWS, and a scan can be consistent. */
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
