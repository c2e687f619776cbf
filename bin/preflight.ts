/** `npm run -s preflight`: says before `cdk deploy` what an AWS account would refuse of a stage. */

import { EDGE_REGION } from '../lib/settings/edge-settings.ts';
import { readAccount } from './account/account-facts.ts';
import { accountClients } from './account/clients.ts';
import { preflight } from './account/preflight.ts';
import { jsonReport, textReport } from './account/report.ts';
import { stageNeeds } from './account/stage-needs.ts';
import { synthesizedStage } from './account/synthesized-stage.ts';
import { runCommand } from './command-line.ts';
import { regionOf } from './deployable-stage.ts';
import { PREFLIGHT_USAGE, parsePreflightOptions } from './preflight-options.ts';

// The template is read here, not validated: that takes seconds, and `npm test` does it.
process.env['CDK_VALIDATION'] ??= 'false';

await runCommand(async (args) => {
  const { settings, format } = parsePreflightOptions(args);
  const needs = stageNeeds(settings, synthesizedStage(settings));
  const clients = accountClients(regionOf(settings));
  const account = await readAccount(clients, needs, accountClients(EDGE_REGION).stacks);
  const findings = preflight(account, needs);
  if (findings.some(({ severity }) => severity === 'refuses')) process.exitCode = 1;
  const report = format === 'json' ? jsonReport : textReport;
  return report({ ...account, ...needs }, findings);
}, PREFLIGHT_USAGE);
