/** A pattern language: the operators that it has for a value. */

import { StartError } from '../../start-error.ts';
import { type Comparison, isScalar, type Test } from './comparisons.ts';

export interface Language {
  /** The name for errors: `The event filters of Lambda`. */
  readonly name: string;
  /** The documented operators without `exists`, which both languages have. */
  readonly operators: ReadonlyMap<string, Comparison>;
  /** The places at which the documentation allows `$or`. */
  readonly or: 'at any level' | 'at the top';
}

/** @throws StartError that names an operator which the language does not have, and the owner of the pattern. */
export function comparison(wanted: unknown, owner: string, { name, operators }: Language): Test {
  if (isScalar(wanted)) return (value) => value === wanted;
  const [operator, operand] = onlyEntry(wanted, owner);
  const compare = operators.get(operator);
  if (!compare) throw new StartError(`${name} do not know the operator ${operator} of ${owner}.`);
  return compare(operand) ?? refuseOperand(operator, operand, owner, name);
}

/** An operator and what it compares with: `{ prefix: 'a' }`. */
export function onlyEntry(value: unknown, owner: string): [string, unknown] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const [first, ...rest] = entries;
  if (first && rest.length === 0 && !Array.isArray(value)) return first;
  throw new StartError(
    `The event pattern of ${owner} has ${JSON.stringify(value)}, which is neither a value nor one operator.`,
  );
}

export function refuseOperand(operator: string, operand: unknown, owner: string, language: string): never {
  throw new StartError(
    `${language} do not know what ${operator} of ${owner} is to be compared with: ${JSON.stringify(operand)}.`,
  );
}
