/** The flags of `npm run -s conformance`. */

import { parseArgs } from 'node:util';
import { CommandLineError } from '../bin/command-line.ts';

export interface ConformanceOptions {
  readonly url: string;
  readonly namespace: string;
  readonly token: string | undefined;
  readonly patienceMs: number;
}

export const CONFORMANCE_USAGE = `npm run -s conformance -- <url> [options]
  <url>                where clients connect: ws://localhost:8080/local, or wss://host/stage
  --namespace <name>   a namespace in which anyone may do everything, with history (open)
  --token <token>      of a user, for the rules about signed-in users
  --patience <ms>      how long an answer may take (10000)
  --help               this text`;

/** @throws CommandLineError that says what is wrong. */
export function parseConformanceOptions(args: readonly string[]): ConformanceOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      namespace: { type: 'string', default: 'open' },
      token: { type: 'string' },
      patience: { type: 'string', default: '10000' },
    },
  });
  const [url, ...more] = positionals;
  if (url === undefined || more.length > 0) throw new CommandLineError(CONFORMANCE_USAGE);
  return {
    url: socketUrl(url),
    namespace: namespaceName(values.namespace),
    token: values.token,
    patienceMs: milliseconds(values.patience),
  };
}

function socketUrl(text: string): string {
  if (URL.canParse(text) && /^wss?:$/.test(new URL(text).protocol)) return text.replace(/\/$/, '');
  throw new CommandLineError(`The URL has to be one such as ws://localhost:8080/local; got ${text}.`);
}

function namespaceName(text: string): string {
  if (/^[A-Za-z0-9_-]{1,40}$/.test(text)) return text;
  throw new CommandLineError(
    `--namespace takes 1 to 40 of A-Za-z0-9, "-" and "_"; got ${JSON.stringify(text)}.`,
  );
}

function milliseconds(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new CommandLineError(`--patience takes 1 to 999999 milliseconds; got ${JSON.stringify(text)}.`);
}
