/**
 * Event patterns, as rules of EventBridge and filters of event source mappings have them: an object in the shape of the
 * event, with lists of what its leaves may be.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */

import { StartError } from '../start-error.ts';
import { comparison, EXISTS, onlyEntry } from './comparisons.ts';

/** Whether an event is one that is looked for. */
export type Matches = (event: unknown) => boolean;

/** Alternatives, of which one is enough: `{ $or: [{ a: [1] }, { b: [2] }] }`. */
const OR = '$or';

/**
 * Reads a pattern.
 *
 * @param owner Whose pattern it is, for the sentence of a refusal.
 * @throws StartError that names what is not known here.
 */
export function eventPattern(pattern: unknown, owner: string): Matches {
  const fields = fieldsOf(pattern, owner).map(([name, wanted]) => field(name, wanted, owner));
  return (event) =>
    Array.isArray(event)
      ? event.some((element) => fields.every((matches) => matches(element)))
      : fields.every((matches) => matches(event));
}

function fieldsOf(pattern: unknown, owner: string): [string, unknown][] {
  if (typeof pattern === 'object' && pattern !== null && !Array.isArray(pattern)) {
    const fields = Object.entries(pattern);
    if (fields.length > 0) return fields;
  }
  throw new StartError(`The event pattern of ${owner} has ${JSON.stringify(pattern)} in place of fields.`);
}

function field(name: string, wanted: unknown, owner: string): Matches {
  if (!Array.isArray(wanted)) {
    const matches = eventPattern(wanted, owner);
    return (event) => matches(memberOf(event, name));
  }
  if (wanted.length === 0) throw new StartError(`The event pattern of ${owner} wants nothing of ${name}.`);
  const alternatives = wanted.map((one) => (name === OR ? eventPattern(one, owner) : leaf(name, one, owner)));
  return (event) => alternatives.some((matches) => matches(event));
}

/** A list matches if one of its elements does. */
function leaf(name: string, wanted: unknown, owner: string): Matches {
  if (isExists(wanted)) {
    const [, presence] = onlyEntry(wanted, owner);
    return (event) => leavesOf(memberOf(event, name)).length > 0 === presence;
  }
  const test = comparison(wanted, owner);
  return (event) => leavesOf(memberOf(event, name)).some(test);
}

function isExists(wanted: unknown): boolean {
  return typeof wanted === 'object' && wanted !== null && Object.hasOwn(wanted, EXISTS);
}

function memberOf(event: unknown, name: string): unknown {
  if (typeof event !== 'object' || event === null) return undefined;
  return Object.entries(event).find(([key]) => key === name)?.[1];
}

/** The values at a place; an object is none, and what is not there has none. */
function leavesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return value === undefined || (typeof value === 'object' && value !== null) ? [] : [value];
}
