/** The flags that every program has which serves a template. */

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { DEFAULT_ENVIRONMENTS } from './functions/function-pool.ts';
import { CONNECTION_LIFETIME_MS, IDLE_TIMEOUT_MS } from './gateway/platform-limits.ts';
import { StartError } from './start-error.ts';
import { flagMistake } from './terminal/command-flags.ts';

export interface Options {
  readonly help: boolean;
  readonly json: boolean;
  /** Whether requests are throttled as on AWS. */
  readonly quotas: boolean;
  /** Whether the bill is printed at the end. */
  readonly bill: boolean;
  readonly port: number;
  readonly environments: number;
  readonly idleTimeoutMs: number;
  readonly lifetimeMs: number;
}

export const FLAGS_USAGE = `  --port <number>           where to listen; 0 for any free port (8080)
  --json                    print one line of JSON when ready
  --quotas                  throttle as AWS does: 500 connects, 10,000 requests a second, and the stage's own
  --bill                    print at the end what AWS would have charged
  --environments <number>   execution environments per function (${DEFAULT_ENVIRONMENTS})
  --idle-timeout <seconds>  close connections on which nothing was sent (600)
  --lifetime <seconds>      close connections of this age (7200)
  --help                    this text

Set DYNAMODB_ENDPOINT to use another DynamoDB API than the embedded one.`;

export const FLAGS = {
  help: { type: 'boolean' },
  json: { type: 'boolean' },
  bill: { type: 'boolean' },
  quotas: { type: 'boolean' },
  port: { type: 'string' },
  environments: { type: 'string' },
  'idle-timeout': { type: 'string' },
  lifetime: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export type Flags = ReturnType<typeof parseFlags<typeof FLAGS>>;

const MAX_PORT = 65_535;

/** Node fires a timer of 2^31 milliseconds or more immediately. */
const MAX_SECONDS = 2_147_483;

/**
 * @param usage The text of the error about an unknown flag.
 * @throws StartError that names the flag and what it takes.
 */
export function parseOptions(args: readonly string[], usage: string = FLAGS_USAGE): Options {
  return optionsOf(parseFlags(args, FLAGS, usage));
}

/** @throws StartError that names the flag and what it takes. */
export function optionsOf(flags: Flags): Options {
  return {
    help: flags.help ?? false,
    json: flags.json ?? false,
    bill: flags.bill ?? false,
    quotas: flags.quotas ?? false,
    port: wholeNumber('port', flags.port, 8080, 0, MAX_PORT),
    environments: wholeNumber('environments', flags.environments, DEFAULT_ENVIRONMENTS, 1),
    idleTimeoutMs: seconds('idle-timeout', flags['idle-timeout'], IDLE_TIMEOUT_MS),
    lifetimeMs: seconds('lifetime', flags.lifetime, CONNECTION_LIFETIME_MS),
  };
}

/** @throws StartError with the usage, for an unknown flag or a flag without its value. */
export function parseFlags<Known extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Known,
  usage: string,
): ReturnType<typeof parseArgs<{ args: string[]; options: Known }>>['values'] {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new StartError(`${flagMistake(error)}\n\n${usage}`);
  }
}

function wholeNumber(
  flag: string,
  given: string | undefined,
  otherwise: number,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= least && value <= most) return value;
  throw new StartError(
    `--${flag} takes a whole number from ${least} to ${most}; got ${JSON.stringify(given)}.`,
  );
}

function seconds(flag: string, given: string | undefined, otherwiseMs: number): number {
  if (given === undefined) return otherwiseMs;
  const value = Number(given);
  if (/^\d+(\.\d+)?$/.test(given) && value > 0 && value <= MAX_SECONDS) return value * 1000;
  throw new StartError(
    `--${flag} takes a positive number of seconds up to ${MAX_SECONDS}; got ${JSON.stringify(given)}.`,
  );
}
