/** `npm run -s smoke`: proves that a stage does what it should, fact by fact. */

import { parseSmokeOptions, SMOKE_USAGE } from '../smoke/options.ts';
import { summary } from '../smoke/report.ts';
import { runCommand } from './command-line.ts';

await runCommand(async (args) => {
  const options = parseSmokeOptions(args);
  // What asks a stage takes a second to load, which neither help nor a mistake in the flags waits for.
  const { smoke } = await import('../smoke/smoke.ts');
  const result = await smoke(options, (line) => {
    process.stdout.write(`${line}\n`);
  });
  if (result.verdict === 'failed') process.exitCode = 1;
  return summary(result, options.json);
}, SMOKE_USAGE);
