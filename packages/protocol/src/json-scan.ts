/**
 * Scans a JSON text before it is parsed: how deep it nests, and which numbers JavaScript would change. One pass without recursion, for
 * every text. It does not check that the text is JSON; `JSON.parse` does.
 */

import { isExact } from './exact-number.ts';
import { JSON_DEPTH } from './limits.ts';

export interface Scan {
  readonly isTooDeep: boolean;
  /** The numbers that JavaScript would change, as they are written, by the index of their element in the outermost array. */
  readonly changed: ReadonlyMap<number, readonly string[]>;
}

const OPENS = 1;
const CLOSES = 2;
const QUOTES = 3;
const COUNTS = 4;
const SEPARATES = 5;

/** The role of each ASCII character, by its code. */
const roles = rolesOf([
  ['[{', OPENS],
  [']}', CLOSES],
  ['"', QUOTES],
  ['-0123456789', COUNTS],
  [',', SEPARATES],
]);

function rolesOf(table: readonly (readonly [string, number])[]): Uint8Array {
  const codes = new Uint8Array(128);
  for (const [characters, role] of table) {
    for (const character of characters) codes[character.charCodeAt(0)] = role;
  }
  return codes;
}

export function scanJson(text: string): Scan {
  const changed = new Map<number, string[]>();
  let depth = 0;
  let element = 0;
  let at = 0;
  while (at < text.length) {
    const role = roles[text.charCodeAt(at)];
    if (role === QUOTES) at = endOfString(text, at);
    else if (role === OPENS) depth += 1;
    else if (role === CLOSES) depth -= 1;
    else if (role === SEPARATES && depth === 1) element += 1;
    else if (role === COUNTS) {
      const end = endOfNumber(text, at);
      note(changed, element, text.slice(at, end));
      at = end;
      continue;
    }
    if (depth > JSON_DEPTH) return { isTooDeep: true, changed };
    at += 1;
  }
  return { isTooDeep: false, changed };
}

function note(changed: Map<number, string[]>, element: number, literal: string): void {
  if (isExact(literal)) return;
  const known = changed.get(element);
  if (known) known.push(literal);
  else changed.set(element, [literal]);
}

/** The index of the closing quote. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

const OF_NUMBERS = /[^-+.\deE]/g;

/** The index behind the number: the first character that no number can have. */
function endOfNumber(text: string, start: number): number {
  OF_NUMBERS.lastIndex = start;
  return OF_NUMBERS.test(text) ? OF_NUMBERS.lastIndex - 1 : text.length;
}
