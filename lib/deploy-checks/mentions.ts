/** Finds the names in a value of a template: resources, their attributes, parameters, conditions and mappings. */

import { isRecord } from './deploy-template.ts';
import { conditionFunctions, intrinsicOf } from './intrinsics.ts';

export type Mention = { readonly path: string } & (
  | { readonly kind: 'value' | 'condition' | 'mapping'; readonly name: string }
  | { readonly kind: 'attribute'; readonly name: string; readonly attribute: string }
  | { readonly kind: 'malformed'; readonly name: string }
);

/** Every one below a value, with where it stands. */
export function mentionsIn(value: unknown, path: string): Mention[] {
  const intrinsic = intrinsicOf(value);
  if (intrinsic) {
    const { name, operand } = intrinsic;
    const own = (readers.get(name) ?? nothing)(operand, path);
    if (!intrinsic.result && !conditionFunctions.has(name)) own.push({ kind: 'malformed', name, path });
    return [...own, ...mentionsIn(operandsBelow(name, operand), path)];
  }
  if (Array.isArray(value)) return value.flatMap((one, at) => mentionsIn(one, join(path, at)));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => mentionsIn(one, join(path, key)));
}

export function join(path: string, name: string | number): string {
  return path === '' ? String(name) : `${path}.${name}`;
}

type MentionReader = (operand: unknown, path: string) => Mention[];

const nothing: MentionReader = () => [];

const readers = new Map<string, MentionReader>([
  ['Ref', (operand, path) => textMention('Ref', operand, path)],
  ['Fn::GetAtt', getAtt],
  ['Fn::Sub', substitutions],
  ['Fn::If', (operand, path) => firstText('Fn::If', 'condition', operand, path)],
  ['Fn::FindInMap', (operand, path) => firstText('Fn::FindInMap', 'mapping', operand, path)],
]);

function textMention(name: string, operand: unknown, path: string): Mention[] {
  return [
    typeof operand === 'string' ? { kind: 'value', name: operand, path } : { kind: 'malformed', name, path },
  ];
}

/** `[id, attribute]`, or `id.attribute`. */
function getAtt(operand: unknown, path: string): Mention[] {
  const [id, attribute] = typeof operand === 'string' ? splitOnce(operand) : [operand].flat();
  if (typeof id !== 'string') return [{ kind: 'malformed', name: 'Fn::GetAtt', path }];
  if (typeof attribute === 'string') return [{ kind: 'attribute', name: id, attribute, path }];
  // A computed name of an attribute.
  return isRecord(attribute)
    ? [{ kind: 'value', name: id, path }]
    : [{ kind: 'malformed', name: 'Fn::GetAtt', path }];
}

/** `${Id}`, `${Id.Attribute}`, but not `${!Literal}` and not the names of a map of its own. */
function substitutions(operand: unknown, path: string): Mention[] {
  const [text, own] = Array.isArray(operand) ? operand : [operand, {}];
  if (typeof text !== 'string') return [{ kind: 'malformed', name: 'Fn::Sub', path }];
  const given = isRecord(own) ? own : {};
  return [...text.matchAll(/\$\{(?!!)\s*([^}]*?)\s*\}/g)].flatMap(([, name = '']): Mention[] => {
    if (Object.hasOwn(given, name)) return [];
    const [id = '', attribute] = splitOnce(name);
    return attribute === undefined
      ? [{ kind: 'value', name: id, path }]
      : [{ kind: 'attribute', name: id, attribute, path }];
  });
}

function firstText(name: string, kind: 'condition' | 'mapping', operand: unknown, path: string): Mention[] {
  const first: unknown = Array.isArray(operand) ? operand[0] : undefined;
  return [typeof first === 'string' ? { kind, name: first, path } : { kind: 'malformed', name, path }];
}

function splitOnce(text: string): [string, string?] {
  const at = text.indexOf('.');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** The parts of an operand that may contain further calls. The text of `Fn::Sub` was read already. */
function operandsBelow(name: string, operand: unknown): unknown {
  if (name === 'Ref' || typeof operand === 'string') return [];
  if (name === 'Fn::Sub') return Array.isArray(operand) ? operand[1] : [];
  return operand;
}
