/** The one door for JSON from outside: bounded in depth, and without numbers that JavaScript would change. */

import { ProtocolError } from './errors.ts';
import { isSafe } from './exact-number.ts';
import { type Scan, scanJson } from './json-scan.ts';
import { JSON_DEPTH } from './limits.ts';

export interface Json extends Pick<Scan, 'changed'> {
  readonly value: unknown;
}

/**
 * Reads a text, and names the numbers that were changed by reading it.
 *
 * @param what the text is called at the start of a sentence, such as `The frame`.
 * @throws ProtocolError `bad-request` when it is no JSON, or nests too deep.
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

/** @throws ProtocolError `bad-request` for numbers that would be changed as well. */
export function parseJson(text: string, what: string): unknown {
  const { value, changed } = readJson(text, what);
  const [[first] = []] = changed.values();
  if (first !== undefined) throw changedNumber(first);
  return value;
}

/**
 * Checks JSON that another program has parsed. An integer that may have been rounded, and a number that became infinite, can be
 * seen; digits that a fraction has lost cannot.
 *
 * @throws ProtocolError `bad-request`.
 */
export function checkParsed(value: unknown, what: string): void {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    const unsafe = level.find((one) => typeof one === 'number' && !isSafe(one));
    if (unsafe !== undefined) throw changedNumber(String(unsafe));
    const containers = level.filter((one) => typeof one === 'object' && one !== null);
    if (containers.length > 0 && depth === JSON_DEPTH) throw tooDeep(what);
    level = containers.flatMap((one) => Object.values(one));
  }
}

/** A number in a sentence is cut after this. Characters. */
const SHOWN = 40;

/** Why a number is refused, as it was written. */
export function changedNumber(literal: string): ProtocolError {
  const shown = literal.length > SHOWN ? `${literal.slice(0, SHOWN)}…` : literal;
  const sentence = `The number ${shown} would not arrive as it was sent; send it as a string`;
  return new ProtocolError('bad-request', `${sentence}.`);
}

function tooDeep(what: string): ProtocolError {
  return new ProtocolError('bad-request', `${what} nests deeper than ${JSON_DEPTH} levels.`);
}
