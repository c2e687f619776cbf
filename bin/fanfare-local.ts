/** `fanfare-local`: serves any CDK app's template on this machine. */

// First of all, so that Ctrl-C is heard while everything else is loaded.
import '../local/interruptible.mjs';
import { asksForHelp } from '../local/command-flags.ts';
import { runProgram } from '../local/program.ts';

await runProgram(async (args, progress) => {
  const { LOCAL_USAGE, parseLocalOptions } = await import('./fanfare-local-options.ts');
  if (asksForHelp(args)) return void process.stdout.write(`${LOCAL_USAGE}\n`);
  const options = parseLocalOptions(args);
  const { serveApp } = await import('./serve-app.ts');
  await serveApp(options, progress);
});
