/** Finds what this account and region refuse, and where the stage starves. A pure function of the answers of AWS. */

import type { AccountAnswers } from './account-facts.ts';
import { bootstrap } from './checks/bootstrap.ts';
import type { Check } from './checks/check.ts';
import { concurrency } from './checks/concurrency.ts';
import { handshakes } from './checks/handshakes.ts';
import { key } from './checks/key.ts';
import { logPolicies } from './checks/log-policies.ts';
import { logRole } from './checks/log-role.ts';
import { names } from './checks/names.ts';
import { region } from './checks/region.ts';
import { stackState } from './checks/stack-state.ts';
import { tables } from './checks/tables.ts';
import { throttles } from './checks/throttles.ts';
import { unread } from './checks/unread.ts';
import type { Finding, Severity } from './finding.ts';
import type { StageNeeds } from './stage-needs.ts';

/** In the order in which a deployment meets them. */
const checks: readonly Check[] = [
  region,
  bootstrap,
  stackState,
  names,
  concurrency,
  logRole,
  logPolicies,
  throttles,
  handshakes,
  key,
  tables,
  unread,
];

const order: Readonly<Record<Severity, number>> = { refuses: 0, starves: 1, note: 2 };

/** The worst first. */
export function preflight(account: AccountAnswers, needs: StageNeeds): readonly Finding[] {
  return checks
    .flatMap((check) => check(account, needs))
    .sort((one, other) => order[one.severity] - order[other.severity]);
}
