/** `npm run -s protect`: keeps the tables of a deployed stage from being deleted by one call. */

import { protectReport } from './account/protect-report.ts';
import { runCommand } from './command-line.ts';
import { regionOf } from './deployable-stage.ts';
import { PROTECT_USAGE, parseProtectOptions } from './protect-options.ts';

await runCommand(async (args) => {
  const options = parseProtectOptions(args);
  // The clients of AWS take half a second to load, which neither help nor a mistake in the flags waits for.
  const { accountClients } = await import('./account/clients.ts');
  const { protectTables } = await import('./account/protect-tables.ts');
  const outcomes = await protectTables(accountClients(regionOf(options.settings)), options);
  if (outcomes.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
  return protectReport(outcomes, options.protection);
}, PROTECT_USAGE);
