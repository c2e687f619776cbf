/** The flags of `npm run networks`. */

import { parseArgs } from 'node:util';
import { CommandLineError } from '../../bin/command-line.ts';

export interface NetworksOptions {
  readonly seed: number;
  /** The situations to play; all if it is empty. */
  readonly only: readonly string[];
  readonly writes: boolean;
}

export const NETWORKS_USAGE = `npm run -s networks -- [options]
  --seed <number>      repeats the choices of a run (1)
  --only <situation>   plays this one; may be repeated
  --write              writes docs/benchmarks/networks.md
  --help               this text`;

/** @throws CommandLineError that says what is wrong. */
export function parseNetworksOptions(args: readonly string[], names: readonly string[]): NetworksOptions {
  const { seed, only, write } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      only: { type: 'string', multiple: true, default: [] },
      write: { type: 'boolean', default: false },
    },
  }).values;
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new CommandLineError(
      `There is no situation ${JSON.stringify(unknown)}. There are: ${names.join(', ')}.`,
    );
  if (!/^\d{1,9}$/.test(seed))
    throw new CommandLineError(`--seed takes a whole number of up to 9 digits; got ${JSON.stringify(seed)}.`);
  if (write && only.length > 0) throw new CommandLineError('--write needs all situations, so not --only.');
  return { seed: Number(seed), only, writes: write };
}
