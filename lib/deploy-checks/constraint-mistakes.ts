/** Whether literal values keep to their patterns, lengths and ranges; what is known only on AWS is not looked at. */

import { type Constraint, constraints } from './constraints.ts';
import { type DeployResource, isRecord } from './deploy-template.ts';
import type { Mistake } from './finding.ts';
import { branchesOf, intrinsicOf } from './intrinsics.ts';
import { join } from './mentions.ts';

export function constraintMistakes({ type, properties }: DeployResource): readonly Mistake[] {
  return Object.entries(constraints[type] ?? {}).flatMap(([path, constraint]) =>
    valuesAt(properties, path.split('.'), 'Properties').flatMap(({ path: at, value }) =>
      sentencesOf(value, constraint).map((sentence) => ({ path: at, sentence })),
    ),
  );
}

interface Place {
  readonly path: string;
  readonly value: unknown;
}

/** The values that a path means; no value that is a function of CloudFormation. */
function valuesAt(value: unknown, names: readonly string[], path: string): readonly Place[] {
  const literals = branchesOf(value).filter((branch) => branch !== undefined && !intrinsicOf(branch));
  const [name, ...rest] = names;
  if (name === undefined) return literals.map((literal) => ({ path, value: literal }));
  return literals.flatMap((literal) =>
    membersOf(literal)
      .filter(([key]) => name === '*' || name === key)
      .flatMap(([key, member]) => valuesAt(member, rest, join(path, key))),
  );
}

function membersOf(value: unknown): readonly [string, unknown][] {
  return isRecord(value) || Array.isArray(value) ? Object.entries(value) : [];
}

function sentencesOf(value: unknown, { pattern, oneOf, from, to, or }: Constraint): readonly string[] {
  if (value === or) return [];
  const found: string[] = [];
  if (pattern && typeof value === 'string' && !pattern.test(value))
    found.push(`${JSON.stringify(value)} does not match ${pattern.source}.`);
  if (oneOf && !oneOf.some((one) => one === value))
    found.push(`${JSON.stringify(value)} is none of ${oneOf.join(', ')}.`);
  const size = sizeOf(value);
  if (size && from !== undefined && size.count < from)
    found.push(`${size.count}${size.unit} is less than ${from}.`);
  if (size && to !== undefined && size.count > to)
    found.push(`${size.count}${size.unit} is more than ${to}.`);
  return found;
}

function sizeOf(value: unknown): { readonly count: number; readonly unit: string } | undefined {
  if (typeof value === 'number') return { count: value, unit: '' };
  if (typeof value === 'string') return { count: value.length, unit: ' characters' };
  return Array.isArray(value) ? { count: value.length, unit: ' elements' } : undefined;
}
