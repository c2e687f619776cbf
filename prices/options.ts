/** The flags of `npm run -s prices`. */

import { parseArgs } from 'node:util';
import { CommandLineError } from '../bin/command-line.ts';
import type { Load } from './load.ts';

export const COSTS_USAGE = `npm run -s prices -- [options]
  --connections <number>   clients that are connected all the time
  --messages <number>      messages published in a minute, by all together; may be a fraction, such as 0.1
  --subscribers <number>   how many of the connections each message goes to
  --help                   this text
Without options, it prints the loads of docs/limits.md.`;

const MOST_CONNECTIONS = 100_000_000;
const MOST_MESSAGES = 100_000_000;

/** @returns `undefined` for the loads of the page. @throws CommandLineError that says what is wrong. */
export function parseCostsOptions(args: readonly string[]): Load | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      connections: { type: 'string' },
      messages: { type: 'string' },
      subscribers: { type: 'string' },
    },
  });
  const { connections, messages, subscribers } = values;
  if (connections === undefined && messages === undefined && subscribers === undefined) return undefined;
  if (connections === undefined || messages === undefined || subscribers === undefined)
    throw new CommandLineError(
      'A load takes all three of --connections, --messages and --subscribers, such as --connections 1000 --messages 1000 --subscribers 20.',
    );
  const open = whole('--connections', connections, MOST_CONNECTIONS);
  return {
    connections: open,
    messages: positive(messages),
    subscribers: whole('--subscribers', subscribers, open),
  };
}

function whole(flag: string, text: string, most: number): number {
  const value = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
  if (value !== undefined && value <= most) return value;
  throw new CommandLineError(`${flag} takes a whole number from 1 to ${most}; got ${JSON.stringify(text)}.`);
}

function positive(text: string): number {
  const value = /^\d{1,9}(?:\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  if (value > 0 && value <= MOST_MESSAGES) return value;
  throw new CommandLineError(
    `--messages takes a number above 0, up to ${MOST_MESSAGES}; got ${JSON.stringify(text)}.`,
  );
}
