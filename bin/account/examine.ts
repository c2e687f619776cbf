/** Everything behind the flags of `npm run -s preflight`: synthesizes a stage, reads the account, and compares them. */

import { EDGE_REGION } from '../../lib/settings/edge-settings.ts';
import { regionOf } from '../deployable-stage.ts';
import type { PreflightOptions } from '../preflight-options.ts';
import { readAccount } from './account-facts.ts';
import { accountClients } from './clients.ts';
import { preflight } from './preflight.ts';
import { jsonReport, textReport } from './report.ts';
import { stageNeeds } from './stage-needs.ts';
import { synthesizedStage } from './synthesized-stage.ts';

interface Examined {
  readonly report: string;
  /** Whether the account would refuse the stage. */
  readonly isRefused: boolean;
}

export async function examine({ settings, format }: PreflightOptions): Promise<Examined> {
  const needs = stageNeeds(settings, synthesizedStage(settings));
  const clients = accountClients(regionOf(settings));
  const account = await readAccount(clients, needs, accountClients(EDGE_REGION).stacks);
  const findings = preflight(account, needs);
  const report = format === 'json' ? jsonReport : textReport;
  return {
    report: report({ ...account, ...needs }, findings),
    isRefused: findings.some(({ severity }) => severity === 'refuses'),
  };
}
