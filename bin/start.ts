/** `npm start`: the whole backend on this machine. */

// This import comes first, so that Ctrl-C works while all other modules load.
import '../packages/local/src/terminal/interruptible.mjs';
import { asksForHelp } from '../packages/local/src/terminal/command-flags.ts';
import { runProgram } from '../packages/local/src/terminal/program.ts';

await runProgram(async (args, progress) => {
  const { parseOptions } = await import('../packages/local/src/options.ts');
  const { START_USAGE } = await import('./start-usage.ts');
  if (asksForHelp(args)) return void process.stdout.write(`${START_USAGE}\n`);
  const options = parseOptions(args, START_USAGE);
  const { start } = await import('./serve-fanfare.ts');
  await start(options, progress);
});
