/** The flags of `fanfare-local`. */

import type { ParseArgsConfig } from 'node:util';
import { FLAGS, FLAGS_USAGE, type Options, optionsOf, parseFlags } from '../src/options.ts';
import { StartError } from '../src/start-error.ts';

export interface LocalOptions extends Options {
  /** The app to serve. `undefined` for the command of `cdk.json`. */
  readonly from: { readonly app: string } | { readonly templateFile: string } | undefined;
  readonly stacks: readonly string[];
  readonly parameters: ReadonlyMap<string, string>;
  readonly ignoreUnsupported: boolean;
}

export const LOCAL_USAGE = `fanfare-local [options]
  --app <command>           runs a CDK app, or takes the folder that it has written (the app of cdk.json)
  --template <file>         a template instead, such as cdk.out/MyStack.template.json
  --stack <id>              which stacks of the app; may be repeated, and all of them are served as one
  --parameter <name=value>  a parameter of the template; may be repeated
  --ignore-unsupported      go on without what cannot be served here, and say what that is
${FLAGS_USAGE}`;

const flags = {
  ...FLAGS,
  app: { type: 'string' },
  template: { type: 'string' },
  stack: { type: 'string', multiple: true },
  parameter: { type: 'string', multiple: true },
  'ignore-unsupported': { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

/** @throws StartError that names the flag and what it takes. */
export function parseLocalOptions(args: readonly string[]): LocalOptions {
  const given = parseFlags(args, flags, LOCAL_USAGE);
  const { app, template, stack = [], parameter = [] } = given;
  if (app !== undefined && template !== undefined) throw new StartError('Give either --app or --template.');
  if (template !== undefined && stack.length > 0)
    throw new StartError('A template is of one stack: --stack goes with --app.');
  return {
    ...optionsOf(given),
    from: template !== undefined ? { templateFile: template } : app !== undefined ? { app } : undefined,
    stacks: stack,
    parameters: new Map(parameter.map(nameAndValue)),
    ignoreUnsupported: given['ignore-unsupported'] ?? false,
  };
}

function nameAndValue(text: string): [string, string] {
  const [name = '', ...value] = text.split('=');
  if (name !== '' && value.length > 0) return [name, value.join('=')];
  throw new StartError(
    `--parameter takes a name and a value, such as Stage=test; got ${JSON.stringify(text)}.`,
  );
}
