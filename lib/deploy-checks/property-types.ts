/** Checks whether a value and all values within it have the types of the schema. */

import { isRecord, listOf } from './deploy-template.ts';
import type { Mistake } from './finding.ts';
import { branchesOf, intrinsicOf, isNoValue } from './intrinsics.ts';
import { join } from './mentions.ts';
import { type PropertySpec, type PropertyType, structureOf } from './spec.ts';

type TypeNamed<Name extends PropertyType['type']> = Extract<PropertyType, { type: Name }>;

type Properties = Readonly<Record<string, PropertySpec>>;

/** The expected type of a value, in words. */
const words: Readonly<Record<PropertyType['type'], string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  'date-time': 'a time',
  null: 'null',
  json: 'JSON',
  array: 'a list',
  map: 'a map',
  ref: 'an object',
  tag: 'a tag of Key and Value',
  union: 'of one of several types',
};

/** Mistakes of a value that contains no function of CloudFormation. */
const literals: {
  readonly [Name in PropertyType['type']]: (
    value: unknown,
    type: TypeNamed<Name>,
    path: string,
  ) => readonly Mistake[];
} = {
  string: (value, { allowedValues }, path) => [
    ...expected('string', typeof value === 'string', value, path),
    ...oneOf(allowedValues, value, path),
  ],
  integer: (value, { allowedValues }, path) => [
    ...expected('integer', Number.isInteger(value), value, path),
    ...oneOf(allowedValues, value, path),
  ],
  number: (value, _type, path) => expected('number', typeof value === 'number', value, path),
  boolean: (value, _type, path) => expected('boolean', typeof value === 'boolean', value, path),
  'date-time': (value, _type, path) => expected('date-time', typeof value === 'string', value, path),
  null: (value, _type, path) => expected('null', value === null, value, path),
  // A document of another language, as an object or as a text.
  json: (value, _type, path) =>
    expected('json', typeof value === 'string' || (typeof value === 'object' && value !== null), value, path),
  array: (value, { element }, path) => [
    ...expected('array', Array.isArray(value), value, path),
    ...listOf(value).flatMap((one, at) => typeMistakes(one, element, join(path, at))),
  ],
  map: (value, { element }, path) => [
    ...expected('map', isRecord(value), value, path),
    ...Object.entries(isRecord(value) ? value : {}).flatMap(([key, one]) =>
      typeMistakes(one, element, join(path, key)),
    ),
  ],
  ref(value, type, path) {
    const { properties } = structureOf(type);
    if (!isRecord(value)) return expected('ref', false, value, path);
    return propertyMistakes(value, properties, path);
  },
  tag(value, _type, path) {
    const isTag = isRecord(value) && Object.keys(value).toSorted().join() === 'Key,Value';
    return expected('tag', isTag, value, path);
  },
  // The alternative that fits best says what is wrong.
  union: (value, { types }, path) =>
    types
      .map((type) => typeMistakes(value, type, path))
      .reduce((best, mistakes) => (mistakes.length < best.length ? mistakes : best)),
};

const scalarTypes: ReadonlySet<PropertyType['type']> = new Set([
  'string',
  'integer',
  'number',
  'boolean',
  'date-time',
  'json',
]);

/** The mistakes of a value, and of everything within it. */
function typeMistakes(value: unknown, type: PropertyType, path: string): readonly Mistake[] {
  return branchesOf(value)
    .filter((branch) => !isNoValue(branch))
    .flatMap((branch) =>
      intrinsicOf(branch)
        ? intrinsicMistakes(branch, type, path)
        : literalMistakes(type.type, branch, type, path),
    );
}

/** The mistakes of the properties of a resource, or of a structure within it. */
export function propertyMistakes(
  given: Readonly<Record<string, unknown>>,
  known: Properties,
  path: string,
  attributes: Readonly<Record<string, unknown>> = {},
): readonly Mistake[] {
  const missing = Object.entries(known)
    .filter(([name, { required }]) => required === true && isAbsent(given[name]))
    .map(([name]) => ({ path: join(path, name), sentence: 'It is required, and is not there.' }));
  const found = Object.entries(given).flatMap(([name, value]) => {
    const property = known[name];
    if (property) return typeMistakes(value, property.type, join(path, name));
    return [{ path: join(path, name), sentence: unknownProperty(name, attributes) }];
  });
  return [...missing, ...found];
}

function unknownProperty(name: string, attributes: Readonly<Record<string, unknown>>): string {
  return Object.hasOwn(attributes, name)
    ? `${name} is read-only: AWS sets it.`
    : `There is no property ${name}.`;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || branchesOf(value).every(isNoValue);
}

function literalMistakes<Name extends PropertyType['type']>(
  name: Name,
  value: unknown,
  type: TypeNamed<Name>,
  path: string,
): readonly Mistake[] {
  return literals[name](value, type, path);
}

/** A function stands for any scalar; a list or an object it has to be known for. */
function intrinsicMistakes(value: unknown, type: PropertyType, path: string): readonly Mistake[] {
  const { name = '', result } = intrinsicOf(value) ?? {};
  // The check of references reports it.
  if (result === undefined || result === 'anything') return [];
  if (type.type === 'union' && type.types.some((one) => intrinsicMistakes(value, one, path).length === 0))
    return [];
  if (scalarTypes.has(type.type) && result !== 'list') return [];
  if (type.type === 'array' && result !== 'scalar') return [];
  return [{ path, sentence: `It has to be ${words[type.type]}, which ${name} does not make.` }];
}

function expected(
  what: PropertyType['type'],
  isRight: boolean,
  value: unknown,
  path: string,
): readonly Mistake[] {
  return isRight ? [] : [{ path, sentence: `It has to be ${words[what]}, and is ${shortened(value)}.` }];
}

function oneOf(allowed: readonly unknown[] | undefined, value: unknown, path: string): readonly Mistake[] {
  if (!allowed || allowed.includes(value) || !['string', 'number'].includes(typeof value)) return [];
  return [{ path, sentence: `${shortened(value)} is not one of ${allowed.join(', ')}.` }];
}

const LONGEST = 80;

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
