/** `npm start`: the whole backend on this machine. */

// First of all, so that Ctrl-C is heard while everything else is loaded.
import '../packages/local/src/terminal/interruptible.mjs';
import { asksForHelp } from '../packages/local/src/terminal/command-flags.ts';
import { runProgram } from '../packages/local/src/terminal/program.ts';

await runProgram(async (args, progress) => {
  const { parseOptions, USAGE } = await import('../packages/local/src/options.ts');
  if (asksForHelp(args)) return void process.stdout.write(`${USAGE}\n`);
  const options = parseOptions(args);
  const { start } = await import('./serve-fanfare.ts');
  await start(options, progress);
});
