/** `npm run -s cost`: prints what AWS would charge for an hour of an example. */

import { parseArgs } from 'node:util';
import { CommandLineError, runCommand } from './command-line.ts';

const USAGE = `npm run -s cost -- <example>
  <example>   a folder of examples/ that has a load.ts, such as chat
  --help      this text`;

await runCommand(async (args) => {
  const [name] = parseArgs({ args: [...args], allowPositionals: true }).positionals;
  if (name === undefined) throw new CommandLineError(USAGE);
  // What runs a stage is loaded when an example is named, so that a mistake is told at once.
  const { costOf } = await import('./examples/cost.ts');
  return costOf(name);
}, USAGE);
