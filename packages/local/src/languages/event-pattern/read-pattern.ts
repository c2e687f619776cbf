/** Reads a pattern of either language: an object in the shape of the event, whose leaves are lists of allowed values. */

import { StartError } from '../../start-error.ts';
import { comparison, type Language, onlyEntry, refuseOperand } from './language.ts';

/** Whether an event matches. */
export type Matches = (event: unknown) => boolean;

/** At least one alternative must match: `{ $or: [{ a: [1] }, { b: [2] }] }`. */
const OR = '$or';

/** It tests whether a field is present, and not its value. */
const EXISTS = 'exists';

/** The position in a pattern while it is read. */
interface Place {
  /** The name of the rule or mapping, for errors. */
  readonly owner: string;
  readonly language: Language;
  /** The names of the fields above. `$or` counts as a level, although it is not a field of the event. */
  readonly above: readonly string[];
}

/** @throws StartError that names what the language does not have. */
export function readPattern(pattern: unknown, owner: string, language: Language): Matches {
  return fields(pattern, { owner, language, above: [] });
}

function fields(pattern: unknown, place: Place): Matches {
  const tests = fieldsOf(pattern, place.owner).map(([name, wanted]) => field(name, wanted, place));
  return (event) =>
    Array.isArray(event)
      ? event.some((element) => tests.every((matches) => matches(element)))
      : tests.every((matches) => matches(event));
}

function fieldsOf(pattern: unknown, owner: string): [string, unknown][] {
  if (typeof pattern === 'object' && pattern !== null && !Array.isArray(pattern)) {
    const entries = Object.entries(pattern);
    if (entries.length > 0) return entries;
  }
  throw new StartError(`The event pattern of ${owner} has ${JSON.stringify(pattern)} in place of fields.`);
}

function field(name: string, wanted: unknown, place: Place): Matches {
  const below = { ...place, above: [...place.above, name] };
  if (!Array.isArray(wanted)) {
    const matches = fields(wanted, below);
    return (event) => matches(memberOf(event, name));
  }
  if (wanted.length === 0)
    throw new StartError(`The event pattern of ${place.owner} wants nothing of ${name}.`);
  if (name === OR) return anyOf(wanted, below);
  const alternatives = wanted.map((one) => leaf(name, one, place));
  return (event) => alternatives.some((matches) => matches(event));
}

function anyOf(alternatives: readonly unknown[], place: Place): Matches {
  const { owner, language, above } = place;
  const [outer, ...levels] = above.toReversed().slice(1);
  if (outer !== undefined && language.or === 'at the top')
    throw new StartError(
      `${language.name} know $or only at the top of a pattern, and ${owner} has it below ${[outer, ...levels].toReversed().join('.')}.`,
    );
  const matchers = alternatives.map((one) => fields(one, place));
  return (event) => matchers.some((matches) => matches(event));
}

/** A list in the event matches if one of its elements matches. */
function leaf(name: string, wanted: unknown, { owner, language }: Place): Matches {
  if (isExists(wanted)) {
    const [, presence] = onlyEntry(wanted, owner);
    if (typeof presence !== 'boolean') refuseOperand(EXISTS, presence, owner, language.name);
    return (event) => leavesOf(memberOf(event, name)).length > 0 === presence;
  }
  const test = comparison(wanted, owner, language);
  return (event) => leavesOf(memberOf(event, name)).some(test);
}

function isExists(wanted: unknown): boolean {
  return typeof wanted === 'object' && wanted !== null && Object.hasOwn(wanted, EXISTS);
}

function memberOf(event: unknown, name: string): unknown {
  if (typeof event !== 'object' || event === null) return undefined;
  return Object.entries(event).find(([key]) => key === name)?.[1];
}

/** The values at a place of the event. An object is not a value, and a missing place has no values. */
function leavesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return value === undefined || (typeof value === 'object' && value !== null) ? [] : [value];
}
