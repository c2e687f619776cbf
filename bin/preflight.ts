/** `npm run -s preflight`: says before `cdk deploy` what an AWS account would refuse of a stage. */

import { runCommand } from './command-line.ts';
import { PREFLIGHT_USAGE, parsePreflightOptions } from './preflight-options.ts';

// The template is read here, not validated: that takes seconds, and `npm test` does it.
process.env['CDK_VALIDATION'] ??= 'false';

await runCommand(async (args) => {
  const options = parsePreflightOptions(args);
  // The stacks and the clients of AWS take a second to load, which neither help nor a mistake in the flags waits for.
  const { examine } = await import('./account/examine.ts');
  const { report, isRefused } = await examine(options);
  if (isRefused) process.exitCode = 1;
  return report;
}, PREFLIGHT_USAGE);
