/** `npm start`: the whole backend on this machine. */

// First of all, so that Ctrl-C is heard while everything else is loaded.
import './interruptible.mjs';
import { asksForHelp } from './command-flags.ts';
import { runProgram } from './program.ts';

await runProgram(async (args, progress) => {
  const { parseOptions, USAGE } = await import('./options.ts');
  if (asksForHelp(args)) return void process.stdout.write(`${USAGE}\n`);
  const options = parseOptions(args);
  const { start } = await import('./start.ts');
  await start(options, progress);
});
