/** `npm run -s prices`: what a month of a load costs with Fanfare and with others, with the arithmetic. */

import { loads } from '../prices/load.ts';
import { COSTS_USAGE, parseCostsOptions } from '../prices/options.ts';
import { costReport } from '../prices/report.ts';
import { runCommand } from './command-line.ts';

await runCommand(async (args) => {
  const load = parseCostsOptions(args);
  return (load ? [load] : loads).map(costReport).join('\n\n');
}, COSTS_USAGE);
