/** `npm start`: the whole backend on this machine. */

import { asksForHelp, runProgram } from 'fanfare-local/terminal';

await runProgram(async (args, progress) => {
  const { parseOptions } = await import('fanfare-local/flags');
  const { START_USAGE } = await import('./start-usage.ts');
  if (asksForHelp(args)) return void process.stdout.write(`${START_USAGE}\n`);
  const options = parseOptions(args, START_USAGE);
  const { start } = await import('./serve-fanfare.ts');
  await start(options, progress);
});
