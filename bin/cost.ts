/** `npm run -s cost`: prints what AWS would charge for an hour of an example. */

import { CommandLineError, runCommand } from './command-line.ts';
import { costOf } from './examples/cost.ts';

const USAGE = `npm run -s cost -- <example>
  <example>   a folder of examples/ that has a load.ts, such as chat`;

await runCommand(async ([name]) => {
  if (name === undefined) throw new CommandLineError(USAGE);
  return costOf(name);
}, USAGE);
