/** The flags of `npm run -s smoke`. */

import { parseArgs } from 'node:util';
import { CommandLineError } from '../bin/command-line.ts';
import { type GroupName, groupNames, isGroupName } from './groups.ts';

export interface SmokeOptions {
  /** A deployed stage; `undefined` for the local runtime. */
  readonly stage: string | undefined;
  /** The URL of clients; `undefined` for the one in the outputs of the stack. */
  readonly url: string | undefined;
  readonly slow: boolean;
  /** All groups if it is empty. */
  readonly groups: readonly GroupName[];
  /** The file for the results. */
  readonly json: string;
}

export const SMOKE_USAGE = `npm run -s smoke -- --stage <name> | --url <url> [options]
  --stage <name>    a deployed stage, by the outputs of its stack
  --url <url>       a local runtime, ws://localhost:8080/local; with --stage, where that stage's clients connect (its edge)
  --group <name>    only this group; may be repeated: ${groupNames.join(', ')}
  --slow            also what takes ten minutes and two hours
  --json <file>     where to write everything that was seen (smoke-<stage>.json)
  --help            this text`;

/** @throws CommandLineError that says what is wrong. */
export function parseSmokeOptions(args: readonly string[]): SmokeOptions {
  const { stage, url, group = [], slow = false, json } = readFlags(args);
  if (stage === undefined && url === undefined) throw new CommandLineError(SMOKE_USAGE);
  const nameInUrl = url === undefined ? 'local' : stageOf(url, stage !== undefined);
  return {
    stage,
    url,
    slow,
    groups: group.map(groupOf),
    json: json ?? `smoke-${stage ?? nameInUrl}.json`,
  };
}

function readFlags(args: readonly string[]) {
  const options = {
    stage: { type: 'string' },
    url: { type: 'string' },
    group: { type: 'string', multiple: true },
    slow: { type: 'boolean' },
    json: { type: 'string' },
  } as const;
  return parseArgs({ args: [...args], options }).values;
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/** The last part of the path is the stage (EP-1). */
function stageOf(text: string, isDeployed: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const { protocol, hostname, pathname } = url ?? { protocol: '', hostname: '', pathname: '' };
  if (!/^wss?:$/.test(protocol))
    throw new CommandLineError(`--url takes a URL such as ws://localhost:8080/local; got ${text}.`);
  if (!isDeployed && !LOOPBACK.test(hostname))
    throw new CommandLineError(
      `--url alone is for a local runtime, and ${hostname} is not this machine: name the deployed stage with --stage.`,
    );
  const name = pathname.slice(1);
  if (isDeployed || /^[\w-]+$/.test(name)) return name;
  throw new CommandLineError(`--url has to end in the stage, as in ws://localhost:8080/local; got ${text}.`);
}

function groupOf(name: string): GroupName {
  if (isGroupName(name)) return name;
  throw new CommandLineError(
    `There is no group ${JSON.stringify(name)}. There are: ${groupNames.join(', ')}.`,
  );
}
