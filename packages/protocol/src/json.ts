/** The only reader of JSON from outside. It bounds the depth, and finds numbers that JavaScript would change. */

import { ProtocolError } from './errors.ts';
import { isSafe } from './exact-number.ts';
import { type Scan, scanJson } from './json-scan.ts';
import { JSON_DEPTH } from './limits.ts';

export interface Json extends Pick<Scan, 'changed'> {
  readonly value: unknown;
}

/**
 * Parses a text, and returns the numbers that JavaScript has changed.
 *
 * @param what The name of the text in error messages, such as `The frame`.
 * @throws ProtocolError `bad-request` if it is not JSON, or nests deeper than `JSON_DEPTH`.
 */
export function readJson(text: string, what: string): Json {
  const { isTooDeep, changed } = scanJson(text);
  if (isTooDeep) throw tooDeep(what);
  try {
    return { value: JSON.parse(text), changed };
  } catch {
    throw new ProtocolError('bad-request', `${what} is not JSON.`);
  }
}

/** The same, and @throws ProtocolError `bad-request` if JavaScript would change a number. */
export function parseJson(text: string, what: string): unknown {
  const { value, changed } = readJson(text, what);
  const [[first] = []] = changed.values();
  if (first !== undefined) throw changedNumber(first);
  return value;
}

/**
 * Checks JSON that another program has parsed. It finds integers that may have been rounded, and numbers that became infinite. It
 * cannot find digits that a fraction has lost.
 *
 * @throws ProtocolError `bad-request`.
 */
export function checkParsed(value: unknown, what: string): void {
  checkDepth(value, what);
  for (const level of levelsOf(value)) {
    const unsafe = level.find((one) => typeof one === 'number' && !isSafe(one));
    if (unsafe !== undefined) throw changedNumber(String(unsafe));
  }
}

/**
 * Call it before anything recursive sees the value.
 *
 * @throws ProtocolError `bad-request`.
 */
export function checkDepth(value: unknown, what: string): void {
  if (isTooDeep(value)) throw tooDeep(what);
}

export function isTooDeep(value: unknown): boolean {
  let depth = 0;
  for (const level of levelsOf(value)) {
    if (depth === JSON_DEPTH && level.some(isContainer)) return true;
    depth += 1;
  }
  return false;
}

/** The levels of a value: the value, its elements, their elements, and so on. Without recursion. */
function* levelsOf(value: unknown): Generator<readonly unknown[]> {
  for (let level: readonly unknown[] = [value]; level.length > 0; ) {
    yield level;
    level = level.filter(isContainer).flatMap((one) => Object.values(one));
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Error messages cut a number after this length. Characters. */
const SHOWN = 40;

/** The refusal of a number. @param literal The number as it was written. */
export function changedNumber(literal: string): ProtocolError {
  const shown = literal.length > SHOWN ? `${literal.slice(0, SHOWN)}…` : literal;
  const sentence = `The number ${shown} would not arrive as it was sent; send it as a string`;
  return new ProtocolError('bad-request', `${sentence}.`);
}

function tooDeep(what: string): ProtocolError {
  return new ProtocolError('bad-request', `${what} nests deeper than ${JSON_DEPTH} levels.`);
}
