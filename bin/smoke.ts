/** `npm run -s smoke`: proves that a stage does what it should, fact by fact. */

import { parseSmokeOptions, SMOKE_USAGE } from '../smoke/options.ts';
import { summary } from '../smoke/report.ts';
import { smoke } from '../smoke/smoke.ts';
import { runCommand } from './command-line.ts';

await runCommand(async (args) => {
  const options = parseSmokeOptions(args);
  const result = await smoke(options, (line) => {
    process.stdout.write(`${line}\n`);
  });
  if (result.verdict === 'failed') process.exitCode = 1;
  return summary(result, options.json);
}, SMOKE_USAGE);
