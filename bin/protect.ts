/** `npm run -s protect`: keeps the tables of a deployed stage from being deleted by one call. */

import { accountClients } from './account/clients.ts';
import { protectReport } from './account/protect-report.ts';
import { protectTables } from './account/protect-tables.ts';
import { runCommand } from './command-line.ts';
import { regionOf } from './deployable-stage.ts';
import { PROTECT_USAGE, parseProtectOptions } from './protect-options.ts';

await runCommand(async (args) => {
  const options = parseProtectOptions(args);
  const outcomes = await protectTables(accountClients(regionOf(options.settings)), options);
  if (outcomes.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
  return protectReport(outcomes, options.protection);
}, PROTECT_USAGE);
