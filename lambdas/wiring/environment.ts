/** The one door to `process.env`: a function reads exactly what its manifest declares. */

import { type FunctionName, manifest, type Variable } from '../manifest/manifest.ts';

/** The variables that a need or a group of needs declares, with their values. */
export type Environment<Name extends PropertyKey> = Readonly<Record<Name, string>>;

/**
 * The declared variables of a function.
 *
 * @throws Error that names the variable, at cold start, when one is missing.
 */
export function environmentOf<F extends FunctionName>(name: F): Environment<Variable<F>> {
  const variables = Object.keys(manifest[name].needs).map((variable) => [variable, required(name, variable)]);
  return Object.fromEntries(variables);
}

function required(name: FunctionName, variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`The function ${name} needs the environment variable ${variable}`);
  return value;
}
