/**
 * The event patterns of EventBridge's rules, with all operators of an event bus.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */

import { BlockList, isIP, isIPv6 } from 'node:net';
import {
  anythingButListed,
  type Comparison,
  equalsIgnoreCase,
  numeric,
  onText,
  prefix,
  suffix,
  type Test,
} from './comparisons.ts';
import type { Language } from './language.ts';
import { type Matches, readPattern } from './read-pattern.ts';

/** `*` matches any text, also the empty one. `\*` and `\\` match the characters themselves. */
const wildcard: Comparison = (operand) => {
  if (typeof operand !== 'string' || operand.includes('**')) return undefined;
  const parts: readonly string[] = operand.match(/\\[*\\]|[\s\S]/g) ?? [];
  if (parts.includes('\\')) return undefined;
  const source = parts.map((part) => (part === '*' ? '.*' : escaped(part.at(-1) ?? '')));
  const expression = new RegExp(`^${source.join('')}$`, 's');
  return (value) => typeof value === 'string' && expression.test(value);
};

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
}

/** Matches the addresses of an IPv4 or IPv6 block: `10.0.0.0/24`. */
const cidr: Comparison = (operand) => {
  const { address = '', bits = '' } =
    (typeof operand === 'string' && /^(?<address>[\da-fA-F.:]+)\/(?<bits>\d{1,3})$/.exec(operand)?.groups) ||
    {};
  const isSix = isIPv6(address);
  if (isIP(address) === 0 || Number(bits) > (isSix ? 128 : 32)) return undefined;
  const block = new BlockList();
  block.addSubnet(address, Number(bits), isSix ? 'ipv6' : 'ipv4');
  return (value) =>
    typeof value === 'string' && isIP(value) !== 0 && block.check(value, isIPv6(value) ? 'ipv6' : 'ipv4');
};

const prefixIgnoreCase = onText((text, operand) => text.toLowerCase().startsWith(operand.toLowerCase()));
const suffixIgnoreCase = onText((text, operand) => text.toLowerCase().endsWith(operand.toLowerCase()));

const excluded = new Map<string, Comparison>([
  ['prefix', prefix],
  ['suffix', suffix],
  ['equals-ignore-case', equalsIgnoreCase],
  ['wildcard', wildcard],
]);

const EVENT_BRIDGE: Language = {
  name: 'The event patterns of EventBridge',
  operators: new Map<string, Comparison>([
    ['equals-ignore-case', equalsIgnoreCase],
    ['prefix', orIgnoringCase(prefix, prefixIgnoreCase)],
    ['suffix', orIgnoringCase(suffix, suffixIgnoreCase)],
    ['anything-but', anythingBut],
    ['numeric', numeric],
    ['wildcard', wildcard],
    ['cidr', cidr],
  ]),
  or: 'at any level',
};

/**
 * Reads a pattern.
 *
 * @param owner The rule's name, for the error.
 * @throws StartError that names what EventBridge does not document.
 */
export function eventPattern(pattern: unknown, owner: string): Matches {
  return readPattern(pattern, owner, EVENT_BRIDGE);
}

/** `{ prefix: 'a' }`, or `{ prefix: { 'equals-ignore-case': 'a' } }`. */
function orIgnoringCase(exact: Comparison, ignoringCase: Comparison): Comparison {
  return (operand) => {
    const [[operator, text] = [], ...rest] = entriesOf(operand);
    if (operator === undefined) return exact(operand);
    return operator === 'equals-ignore-case' && rest.length === 0 ? ignoringCase(text) : undefined;
  };
}

/** A value, a list of values, or one of some operators with a text or a list of texts. */
function anythingBut(operand: unknown): Test | undefined {
  const [[operator, texts] = [], ...rest] = entriesOf(operand);
  if (operator === undefined) return anythingButListed(Array.isArray(operand) ? operand : [operand]);
  const compare = rest.length === 0 ? excluded.get(operator) : undefined;
  if (!compare) return undefined;
  const tests = [texts].flat().map(compare);
  if (tests.length === 0 || tests.includes(undefined)) return undefined;
  return (value) => typeof value === 'string' && !tests.some((test) => test?.(value));
}

/** Matches no value of a list. */
function entriesOf(operand: unknown): [string, unknown][] {
  return typeof operand === 'object' && operand !== null && !Array.isArray(operand)
    ? Object.entries(operand)
    : [];
}
