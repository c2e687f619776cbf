/** The flags of `npm run -s token`. */

import { parseArgs } from 'node:util';
import { flagMistake } from 'fanfare-local/terminal';
import { type Grants, grants } from 'fanfare-protocol/grants';
import { info } from 'fanfare-protocol/info';
import { userId } from 'fanfare-protocol/user-id';
import * as v from 'valibot';
import { CommandLineError } from './command-line.ts';

export interface TokenOptions {
  readonly user: string;
  /** Empty if no channel was named. Then the token has no such claim, and the namespaces decide alone. */
  readonly channels: Grants;
  /** The info that other members see of the user: any JSON. */
  readonly info?: unknown;
  readonly seconds: number;
  readonly stage: string;
  /** For the HTTP API, instead of a connection. */
  readonly isServer: boolean;
}

/** The flags of every command that makes tokens. */
export const TOKEN_FLAGS = `  --user <id>                          who the token is for
  --channel <pattern>=<permissions>    a channel, namespace:start* or *, and some of subscribe,publish,members;
                                       may be repeated; without it, a user's token is good for all that the namespaces
                                       let signed-in users do (fanfare.config.ts)
  --info <JSON>                        what others may know about the user, where the namespace has presence: '{"name":"Ann"}'
  --server                             the token is for the HTTP API: it may do everything there, or what --channel names
  --for <time>                         how long it is good: 45s, 30m, 12h or 7d (1h)`;

export const TOKEN_USAGE = `npm run -s token -- --user <id> [options]
${TOKEN_FLAGS}
  --stage <name>                       local, or a deployed stage, whose secret AWS lets you read (local)
  --help                               this text`;

/**
 * @param usage The text of the error about a missing or unknown flag.
 * @throws CommandLineError that says what is wrong.
 */
export function parseTokenOptions(args: readonly string[], usage = TOKEN_USAGE): TokenOptions {
  const {
    user,
    channel = [],
    info: about,
    for: time = '1h',
    stage = 'local',
    server = false,
  } = readFlags(args, usage);
  if (!user) throw new CommandLineError(usage);
  return {
    user: userOf(user),
    channels: grantsOf(channel),
    ...(about !== undefined && { info: infoOf(about) }),
    seconds: secondsOf(time),
    stage,
    isServer: server,
  };
}

function readFlags(args: readonly string[], usage: string) {
  const options = {
    user: { type: 'string' },
    channel: { type: 'string', multiple: true },
    info: { type: 'string' },
    server: { type: 'boolean' },
    for: { type: 'string' },
    stage: { type: 'string' },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new CommandLineError(`${flagMistake(error)}\n\n${usage}`);
  }
}

/** The last `=` separates, because the name of a channel may have one. */
const CHANNEL = /^(?<pattern>.+)=(?<permissions>[a-z,]+)$/;

function grantsOf(channels: readonly string[]): Grants {
  const patterns = new Map<string, string[]>();
  for (const channel of channels) {
    const { pattern, permissions } = CHANNEL.exec(channel)?.groups ?? {};
    if (pattern === undefined || permissions === undefined)
      throw new CommandLineError(
        `--channel takes <pattern>=<permissions>, such as 'chat:*=subscribe,publish'; got ${JSON.stringify(channel)}.`,
      );
    patterns.set(pattern, [...(patterns.get(pattern) ?? []), ...permissions.split(',')]);
  }
  const { success, output, issues } = v.safeParse(grants, Object.fromEntries(patterns));
  if (success) return output;
  throw new CommandLineError(`--channel: ${issues[0].message}.`);
}

/** Shared with `npm run revoke`: a name that no token can have. */
export function userOf(text: string): string {
  const { success, output, issues } = v.safeParse(userId, text);
  if (success) return output;
  throw new CommandLineError(`--user: ${issues[0].message}.`);
}

const infoText = v.pipe(v.string(), v.parseJson(undefined, 'it is not JSON'), info);

function infoOf(text: string): unknown {
  const { success, output, issues } = v.safeParse(infoText, text);
  if (success) return output;
  throw new CommandLineError(`--info: ${issues[0].message}.`);
}

const TIME = /^(?<count>\d{1,9})(?<unit>[smhd])$/;
const unitSeconds = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 60 * 60],
  ['d', 24 * 60 * 60],
]);

function secondsOf(time: string): number {
  const { count, unit } = TIME.exec(time)?.groups ?? {};
  const seconds = Number(count) * (unitSeconds.get(unit ?? '') ?? 0);
  if (seconds > 0) return seconds;
  throw new CommandLineError(`--for takes a time such as 45s, 30m, 12h or 7d; got ${JSON.stringify(time)}.`);
}
