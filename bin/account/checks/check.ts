/** One check: what the account answers, held against what the stage needs. Pure. */

import type { AccountAnswers } from '../account-facts.ts';
import type { Finding } from '../finding.ts';
import type { StageNeeds } from '../stage-needs.ts';

export type Check = (account: AccountAnswers, needs: StageNeeds) => readonly Finding[];
