/** The outputs of a stack. */

import { StartError } from '../start-error.ts';
import type { Template } from './cloud-formation.ts';
import { resolve } from './intrinsics.ts';
import { referencesIn } from './references.ts';

/** Outputs with unknown values are left out, because the runtime does not need them. */
export function outputsOf(template: Template): Readonly<Record<string, string>> {
  const references = referencesIn(template);
  const known = Object.entries(template.Outputs).flatMap(([name, { Value, Condition }]) => {
    if (Condition !== undefined && references.condition(Condition) !== true) return [];
    const value = attempt(() => resolve(Value, references));
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(known);
}

function attempt(evaluate: () => unknown): unknown {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof StartError) return undefined;
    throw error;
  }
}
