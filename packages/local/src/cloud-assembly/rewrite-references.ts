/** Renames the references in a template's expressions, and replaces imports by the exported expressions. */

export interface Rewriting {
  /** The new name of a resource, parameter, condition or mapping. */
  readonly renamed: (id: string) => string;
  readonly stackName: string;
  /** The expression that another stack exports, with its names already changed. `undefined` if the export is unknown. */
  readonly imported: (exportName: unknown) => unknown;
  readonly output: (stackName: string, outputName: string) => unknown;
}

type Rewrite = (argument: unknown, rewriting: Rewriting) => unknown;

const STACK_NAME = 'AWS::StackName';

const rewrites = new Map<string, Rewrite>([
  ['Ref', (id, { renamed, stackName }) => (id === STACK_NAME ? stackName : { Ref: renamed(String(id)) })],
  ['Condition', (name, { renamed }) => ({ Condition: renamed(String(name)) })],
  [
    'Fn::GetAtt',
    (argument, rewriting) => ({ 'Fn::GetAtt': firstRenamed(attributePath(argument), rewriting) }),
  ],
  ['Fn::If', (argument, rewriting) => ({ 'Fn::If': firstRenamed(argument, rewriting) })],
  ['Fn::FindInMap', (argument, rewriting) => ({ 'Fn::FindInMap': firstRenamed(argument, rewriting) })],
  ['Fn::Sub', (argument, rewriting) => ({ 'Fn::Sub': substitution(argument, rewriting) })],
  ['Fn::ImportValue', (name, rewriting) => rewriting.imported(name) ?? { 'Fn::ImportValue': name }],
  ['Fn::GetStackOutput', (argument, rewriting) => stackOutput(argument, rewriting)],
]);

export function rewrite(value: unknown, rewriting: Rewriting): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, rewriting));
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = ['', undefined], ...rest] = Object.entries(value);
  const own = rest.length === 0 ? rewrites.get(key) : undefined;
  // A policy statement has a `Condition`, too, which is no reference.
  if (own && (key !== 'Condition' || typeof argument === 'string')) return own(argument, rewriting);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rewrite(item, rewriting)]));
}

function attributePath(argument: unknown): unknown {
  return typeof argument === 'string' ? argument.split('.') : argument;
}

function firstRenamed(argument: unknown, rewriting: Rewriting): unknown {
  if (!Array.isArray(argument)) return argument;
  const [name, ...rest]: unknown[] = argument;
  const first = typeof name === 'string' ? rewriting.renamed(name) : rewrite(name, rewriting);
  return [first, ...rest.map((item) => rewrite(item, rewriting))];
}

function substitution(argument: unknown, rewriting: Rewriting): unknown {
  const [text, variables]: unknown[] = Array.isArray(argument) ? argument : [argument, {}];
  const own = new Set(Object.keys(variables ?? {}));
  const rewritten = String(text).replaceAll(
    /\$\{([^!}.]+)([^}]*)\}/g,
    (placeholder, id: string, path: string) => {
      if (own.has(id + path)) return placeholder;
      return id === STACK_NAME ? rewriting.stackName : `\${${rewriting.renamed(id)}${path}}`;
    },
  );
  return [rewritten, rewrite(variables, rewriting)];
}

function stackOutput(argument: unknown, rewriting: Rewriting): unknown {
  const { StackName = '', OutputName = '' } = Object(argument);
  const value = rewriting.output(String(StackName), String(OutputName));
  return value ?? { 'Fn::GetStackOutput': argument };
}
