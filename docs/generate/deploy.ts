/** Writes the generated parts of `docs/deploy.md`: the output of preflight for a new account, and the permissions of preflight. */

import { readFile, writeFile } from 'node:fs/promises';
import type { AccountAnswers } from '../../bin/account/account-facts.ts';
import { permissions } from '../../bin/account/permissions.ts';
import { preflight } from '../../bin/account/preflight.ts';
import { textReport } from '../../bin/account/report.ts';
import { stageNeeds } from '../../bin/account/stage-needs.ts';
import { synthesizedStage } from '../../bin/account/synthesized-stage.ts';
import { stages } from '../../lib/settings/stage-settings.ts';
import { withGeneratedParts } from './generated-parts.ts';

export const DEPLOY_PAGE = new URL('../deploy.md', import.meta.url);

/** The facts of an empty new account in a newer region: ten executions, and the smaller throttle. */
const newAccount: AccountAnswers = {
  account: '111111111111',
  region: 'eu-south-1',
  answers: {
    stacks: { value: new Map() },
    edgeStacks: { value: new Map() },
    resources: { value: [] },
    concurrency: { value: { total: 10, unreserved: 10 } },
    functions: { value: new Map() },
    gateway: { value: { throttle: { rateLimit: 2_500, burstLimit: 1_250 } } },
    newConnections: { value: 500 },
    unprotectedTables: { value: [] },
    secrets: { value: [] },
    logPolicies: { value: [] },
  },
};

const sections: Readonly<Record<string, () => string>> = {
  newAccount: () => {
    const needs = stageNeeds(stages.prod, synthesizedStage(stages.prod));
    return `\`\`\`text\n${textReport({ ...newAccount, ...needs }, preflight(newAccount, needs))}\n\`\`\``;
  },
  permissions: () => permissions.map((permission) => `\`${permission}\``).join(', '),
};

/** The page with its generated parts as they should be. */
export function generateDeployPage(page: string): string {
  return withGeneratedParts(page, sections);
}

export async function writeDeployPage(): Promise<void> {
  await writeFile(DEPLOY_PAGE, generateDeployPage(await readFile(DEPLOY_PAGE, 'utf8')));
}
