/** `fanfare-local`: serves any CDK app's template on this machine. */

import { asksForHelp } from '../src/terminal/command-flags.ts';
import { runProgram } from '../src/terminal/program.ts';

await runProgram(async (args, progress) => {
  const { LOCAL_USAGE, parseLocalOptions } = await import('./cli-options.ts');
  if (asksForHelp(args)) return void process.stdout.write(`${LOCAL_USAGE}\n`);
  const options = parseLocalOptions(args);
  const { serveApp } = await import('./serve-app.ts');
  await serveApp(options, progress);
});
