/** One check: it compares the answers of the account with the needs of the stage. Pure. */

import type { AccountAnswers } from '../account-facts.ts';
import type { Finding } from '../finding.ts';
import type { StageNeeds } from '../stage-needs.ts';

export type Check = (account: AccountAnswers, needs: StageNeeds) => readonly Finding[];
