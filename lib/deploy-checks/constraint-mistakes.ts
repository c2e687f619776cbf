/** Checks whether literal values keep to their patterns, lengths and ranges. It skips values that are known only on AWS. */

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
    found.push(`${JSON.stringify(value)} is not one of ${oneOf.join(', ')}.`);
  const { count, unit } = sizeOf(value);
  if (from !== undefined && count < from)
    found.push(`It has to be at least ${from}${unit}, and is ${count}.`);
  if (to !== undefined && count > to) found.push(`It has to be at most ${to}${unit}, and is ${count}.`);
  return found;
}

function sizeOf(value: unknown): { readonly count: number; readonly unit: string } {
  if (typeof value === 'string') return { count: value.length, unit: ' characters' };
  if (Array.isArray(value)) return { count: value.length, unit: ' elements' };
  return { count: Number(value), unit: '' };
}
