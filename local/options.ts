/** The flags of `npm start`. */

import { parseArgs } from 'node:util';
import { CONNECTION_LIFETIME_MS, IDLE_TIMEOUT_MS } from '../protocol/limits.ts';
import { DEFAULT_ENVIRONMENTS } from './functions/function-pool.ts';
import { StartError } from './start-error.ts';

export interface Options {
  readonly help: boolean;
  readonly json: boolean;
  readonly port: number;
  readonly environments: number;
  readonly idleTimeoutMs: number;
  readonly lifetimeMs: number;
}

export const USAGE = `npm start -- [options]
  --port <number>           where to listen; 0 for any free port (8080)
  --json                    print one line of JSON when ready
  --environments <number>   execution environments per function (${DEFAULT_ENVIRONMENTS})
  --idle-timeout <seconds>  close connections on which nothing was sent (600)
  --lifetime <seconds>      close connections of this age (7200)
  --help                    this text

Set DYNAMODB_ENDPOINT to use another DynamoDB API than the embedded one.`;

const MAX_PORT = 65_535;

/** Node fires a timer of 2^31 milliseconds and more at once. */
const MAX_SECONDS = 2_147_483;

/** @throws StartError that names the flag and what it takes. */
export function parseOptions(args: readonly string[]): Options {
  const flags = readFlags(args);
  return {
    help: flags.help ?? false,
    json: flags.json ?? false,
    port: wholeNumber('port', flags.port, 8080, 0, MAX_PORT),
    environments: wholeNumber('environments', flags.environments, DEFAULT_ENVIRONMENTS, 1),
    idleTimeoutMs: seconds('idle-timeout', flags['idle-timeout'], IDLE_TIMEOUT_MS),
    lifetimeMs: seconds('lifetime', flags.lifetime, CONNECTION_LIFETIME_MS),
  };
}

function readFlags(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean' },
        json: { type: 'boolean' },
        port: { type: 'string' },
        environments: { type: 'string' },
        'idle-timeout': { type: 'string' },
        lifetime: { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
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
