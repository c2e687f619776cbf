/** The flags of `npm run -s smoke`, and of `npx fanfare smoke` in an app. */

import { parseArgs } from 'node:util';
import { CommandLineError } from '../bin/command-line.ts';
import { type GroupName, groupNames, isGroupName } from './groups.ts';

export interface SmokeOptions {
  /** A deployed stage of this repository; `undefined` if the URL alone names the stage. */
  readonly stage: string | undefined;
  /** The URL of clients; `undefined` for the one in the outputs of the stack. */
  readonly url: string | undefined;
  /** The name of the stage, as its own tokens have it. */
  readonly name: string;
  /** The path of the configuration; `undefined` for the only one below this folder. */
  readonly config: string | undefined;
  /** The channels that facts may use. Without any, they use names of their own. */
  readonly channels: readonly string[];
  /** JSON with a place for the mark of a fact. */
  readonly message: string | undefined;
  /** Of one user or two. */
  readonly tokens: readonly string[];
  readonly serverToken: string | undefined;
  readonly apiUrl: string | undefined;
  /** The ARN of the secret that signs the tokens of the stage. */
  readonly secret: string | undefined;
  readonly slow: boolean;
  /** All groups if it is empty. */
  readonly groups: readonly GroupName[];
  /** The file for the results. */
  readonly json: string;
}

const SHARED = `  --config <file>         the configuration of the stage (fanfare.config.ts here, or the only one below)
  --channel <name>        use this channel, and no others; may be repeated
  --message <json>        the form of a message that your rules take, with "$" for its text: {"text":"$"}
  --group <name>          only this group; may be repeated: ${groupNames.join(', ')}
  --slow                  also what takes ten minutes and two hours
  --json <file>           where to write everything that was seen (smoke-<stage>.json)
  --help                  this text

In the environment, because other programs see the arguments of a command:
  FANFARE_TOKEN           a token of one of your users, or two of two users with a space between them
  FANFARE_SERVER_TOKEN    a token for the HTTP API`;

const DEPLOYED = `  --api-url <url>         of a deployed stage: the output ApiUrl
  --secret <arn>          of a deployed stage: the output TokenSecret, which your AWS credentials may read`;

export const SMOKE_USAGE = `npm run -s smoke -- --stage <name> | --url <url> [options]
  --stage <name>          a deployed stage, by the outputs of its stack
  --url <url>             a local runtime, ws://localhost:8080/local; with --stage, where that stage's clients connect (its edge)
${DEPLOYED}
${SHARED}`;

export const APP_SMOKE_USAGE = `npx fanfare smoke --url <url> [options]
  --url <url>             where clients connect: what fanfare-local prints, or the output WebSocketUrl
${DEPLOYED}
${SHARED}`;

/** @throws CommandLineError that says what is wrong. */
export function parseSmokeOptions(
  args: readonly string[],
  usage = SMOKE_USAGE,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): SmokeOptions {
  const flags = readFlags(args);
  const { stage, url, group = [], channel = [], slow = false, json } = flags;
  if (stage === undefined && url === undefined) throw new CommandLineError(usage);
  const tokens = environment['FANFARE_TOKEN']?.split(' ').filter(Boolean) ?? [];
  if (tokens.length > 2) throw new CommandLineError('FANFARE_TOKEN has the tokens of at most two users.');
  const handsOver = tokens.length > 0 || flags.secret !== undefined;
  const nameInUrl = url === undefined ? '' : stageOf(url, stage !== undefined, handsOver);
  const name = stage ?? nameInUrl;
  return {
    stage,
    url,
    name,
    config: flags.config,
    channels: channel,
    message: flags.message,
    tokens,
    serverToken: environment['FANFARE_SERVER_TOKEN'],
    apiUrl: flags['api-url'],
    secret: flags.secret,
    slow,
    groups: group.map(groupOf),
    json: json ?? `smoke-${name}.json`,
  };
}

function readFlags(args: readonly string[]) {
  const options = {
    stage: { type: 'string' },
    url: { type: 'string' },
    config: { type: 'string' },
    channel: { type: 'string', multiple: true },
    message: { type: 'string' },
    'api-url': { type: 'string' },
    secret: { type: 'string' },
    group: { type: 'string', multiple: true },
    slow: { type: 'boolean' },
    json: { type: 'string' },
  } as const;
  return parseArgs({ args: [...args], options }).values;
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

export function isOfThisMachine(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}

/** The last part of the path is the stage (EP-1). */
function stageOf(text: string, isNamed: boolean, handsOver: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const { protocol, hostname, pathname } = url ?? { protocol: '', hostname: '', pathname: '' };
  if (!/^wss?:$/.test(protocol))
    throw new CommandLineError(`--url takes a URL such as ws://localhost:8080/local; got ${text}.`);
  if (!isNamed && !handsOver && !isOfThisMachine(text))
    throw new CommandLineError(
      `${hostname} is not this machine: name the deployed stage with --stage, or hand over FANFARE_TOKEN or --secret.`,
    );
  const name = pathname.slice(1);
  if (isNamed || /^[\w-]+$/.test(name)) return name;
  throw new CommandLineError(`--url has to end in the stage, as in ws://localhost:8080/local; got ${text}.`);
}

function groupOf(name: string): GroupName {
  if (isGroupName(name)) return name;
  throw new CommandLineError(
    `There is no group ${JSON.stringify(name)}. There are: ${groupNames.join(', ')}.`,
  );
}
