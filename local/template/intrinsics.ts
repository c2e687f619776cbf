/** Resolves CloudFormation's intrinsic functions to plain values, as far as the runtime knows them. */

import { StartError } from '../start-error.ts';

/** Answers what a resource's `Ref` and attributes are here; `undefined` where that is not known. */
export interface References {
  readonly ref: (logicalId: string) => string | undefined;
  readonly attribute: (logicalId: string, attribute: string) => string | undefined;
}

type Intrinsic = (argument: unknown, references: References) => unknown;

const intrinsics = new Map<string, Intrinsic>([
  ['Ref', (name, { ref }) => known(ref(text(name)), `Ref ${text(name)}`)],
  ['Fn::GetAtt', (argument, references) => attribute(list(argument).map(text), references)],
  ['Fn::Join', (argument, references) => join(list(argument), references)],
  ['Fn::Sub', (argument, references) => substitute(argument, references)],
]);

/**
 * The value with every intrinsic function replaced.
 *
 * @throws StartError that names a function or reference which has no meaning locally.
 */
export function resolve(value: unknown, references: References): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, references));
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = ['', undefined], ...rest] = Object.entries(value);
  const intrinsic = intrinsics.get(key);
  if (intrinsic && rest.length === 0) return intrinsic(argument, references);
  if (key.startsWith('Fn::')) throw new StartError(`The local runtime does not know ${key}.`);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolve(item, references)]));
}

function attribute([logicalId = '', ...path]: string[], references: References): string {
  const name = path.join('.');
  return known(references.attribute(logicalId, name), `${logicalId}.${name}`);
}

function join([separator, items]: unknown[], references: References): string {
  return list(resolve(items, references)).map(text).join(text(separator));
}

function substitute(argument: unknown, references: References): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const given = new Map(Object.entries(resolve(variables, references) ?? {}));
  return text(template).replaceAll(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (given.has(name)) return text(given.get(name));
    if (name.includes('.')) return attribute(name.split('.'), references);
    return known(references.ref(name), `\${${name}}`);
  });
}

function known(value: string | undefined, what: string): string {
  if (value === undefined) throw new StartError(`The local runtime does not know ${what}.`);
  return value;
}

function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new StartError(`The template has ${kindOf(value)} where a string belongs.`);
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new StartError(`The template has ${kindOf(value)} where a list belongs.`);
}

/** Never the value itself, which may be part of a secret. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return value === null || value === undefined ? 'nothing' : `a value of type ${typeof value}`;
}
