/** Items in the JSON of DynamoDB: their shape, their equality and their size in bytes. */

import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';

/** A value with its type as the name: `{ S: 'text' }`. */
const attributeValue = v.record(v.string(), v.unknown());

export const item = v.record(v.string(), attributeValue);

export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

/** The order of the elements of a set and of the attributes of an item does not matter. */
export function sameItem(one: Item, other: Item): boolean {
  return isDeepStrictEqual(withSortedSets(one), withSortedSets(other));
}

const SETS = new Set(['SS', 'NS', 'BS']);

function withSortedSets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedSets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      SETS.has(name) && Array.isArray(part) ? part.map(String).sort() : withSortedSets(part),
    ]),
  );
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function itemSize(attributes: Item): number {
  return sum(Object.entries(attributes).map(([name, value]) => bytes(name) + valueSize(value)));
}

/** The overhead of a list or a map, and of each of its elements. Bytes. */
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

const sizes = new Map<string, (value: unknown) => number>([
  ['S', bytes],
  ['N', numberSize],
  ['B', binarySize],
  ['BOOL', () => 1],
  ['NULL', () => 1],
  ['SS', (values) => sum(elementsOf(values).map(bytes))],
  ['NS', (values) => sum(elementsOf(values).map(numberSize))],
  ['BS', (values) => sum(elementsOf(values).map(binarySize))],
  ['L', (values) => CONTAINER_BYTES + sum(elementsOf(values).map(elementSize))],
  [
    'M',
    (values) => CONTAINER_BYTES + sum(entriesOf(values).map(([k, value]) => bytes(k) + elementSize(value))),
  ],
]);

function elementSize(value: unknown): number {
  return ELEMENT_BYTES + valueSize(value);
}

function valueSize(value: unknown): number {
  return sum(entriesOf(value).map(([type, content]) => sizes.get(type)?.(content) ?? 0));
}

/** A number takes one byte for two significant digits, plus one byte. */
function numberSize(value: unknown): number {
  const [mantissa = ''] = String(value).toLowerCase().split('e');
  const digits = mantissa.replace(/[-+.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + 1;
}

function binarySize(value: unknown): number {
  return Buffer.from(String(value), 'base64').length;
}

function bytes(value: unknown): number {
  return Buffer.byteLength(String(value));
}

function elementsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
