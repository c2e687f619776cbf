/** Replaces CloudFormation's intrinsic functions by plain values. */

import { StartError } from '../start-error.ts';

/** The values of a template's names. `undefined` for unknown ones. */
export interface References {
  /** Parameters may be lists. */
  readonly ref: (logicalId: string) => string | readonly string[] | undefined;
  readonly attribute: (logicalId: string, attribute: string) => string | undefined;
  readonly condition: (name: string) => boolean | undefined;
  readonly mapped: (map: string, topLevelKey: string, secondLevelKey: string) => unknown;
}

type Intrinsic = (argument: unknown, references: References) => unknown;

/** A property with this value is removed. */
const NO_VALUE = 'AWS::NoValue';

const intrinsics = new Map<string, Intrinsic>([
  ['Ref', (name, references) => reference(text(name), references)],
  ['Fn::GetAtt', (argument, references) => attribute(attributePath(argument), references)],
  ['Fn::Join', (argument, references) => join(list(argument), references)],
  ['Fn::Sub', (argument, references) => substitute(argument, references)],
  ['Fn::If', (argument, references) => choose(list(argument), references)],
  ['Fn::Select', (argument, references) => select(list(resolve(argument, references)))],
  ['Fn::Split', (argument, references) => split(list(resolve(argument, references)))],
  ['Fn::FindInMap', (argument, references) => findInMap(list(resolve(argument, references)), references)],
  [
    'Fn::Base64',
    (argument, references) => Buffer.from(text(resolve(argument, references))).toString('base64'),
  ],
]);

/**
 * The value with every intrinsic function replaced.
 *
 * @throws StartError that names a function or reference which has no meaning locally.
 */
export function resolve(value: unknown, references: References): unknown {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, references)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = ['', undefined], ...rest] = Object.entries(value);
  const intrinsic = intrinsics.get(key);
  if (intrinsic && rest.length === 0) return intrinsic(argument, references);
  if (key.startsWith('Fn::'))
    throw new StartError(`The local runtime does not know ${nameOf(key, argument)}.`);
  const members = Object.entries(value).map(([name, item]) => [name, resolve(item, references)] as const);
  return Object.fromEntries(members.filter(([, item]) => item !== undefined));
}

/** An import is shown with its name, so that the user can find the stack that exports it. */
function nameOf(intrinsic: string, argument: unknown): string {
  if (intrinsic !== 'Fn::ImportValue' || typeof argument !== 'string') return intrinsic;
  return `${intrinsic} ${argument}: name the stack that exports it with --stack, too`;
}

function reference(name: string, { ref }: References): unknown {
  return name === NO_VALUE ? undefined : known(ref(name), `Ref ${name}`);
}

/** `["Id", "Arn"]`, or the short form `"Id.Arn"`. */
function attributePath(argument: unknown): string[] {
  return Array.isArray(argument) ? argument.map(text) : text(argument).split('.');
}

function attribute([logicalId = '', ...path]: string[], references: References): string {
  const name = path.join('.');
  return known(references.attribute(logicalId, name), `${logicalId}.${name}`);
}

function join([separator, items]: unknown[], references: References): string {
  return list(resolve(items, references)).map(text).join(text(separator));
}

function choose([condition, then, otherwise]: unknown[], references: References): unknown {
  const holds = known(references.condition(text(condition)), `the condition ${text(condition)}`);
  return resolve(holds ? then : otherwise, references);
}

function select([index, items]: unknown[]): unknown {
  return known(list(items)[Number(index)], `item ${text(index)} of a list`);
}

function split([separator, joined]: unknown[]): string[] {
  return text(joined).split(text(separator));
}

function findInMap([map, top, second]: unknown[], references: References): unknown {
  const [name, ...keys] = [map, top, second].map(text);
  const value = references.mapped(name ?? '', keys[0] ?? '', keys[1] ?? '');
  return known(value, `${keys.join(' and ')} of the mapping ${name}`);
}

function substitute(argument: unknown, references: References): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const given = new Map(Object.entries(resolve(variables, references) ?? {}));
  return text(template).replaceAll(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (given.has(name)) return text(given.get(name));
    if (name.includes('.')) return attribute(name.split('.'), references);
    return text(known(references.ref(name), `\${${name}}`));
  });
}

function known<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new StartError(`The local runtime does not know ${what}.`);
  return value;
}

function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new StartError(`The template has ${kindOf(value)} where a string belongs.`);
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new StartError(`The template has ${kindOf(value)} where a list belongs.`);
}

/** The error never contains the value, which may be part of a secret. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return value === null || value === undefined ? 'nothing' : `a value of type ${typeof value}`;
}
