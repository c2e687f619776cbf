/** Tables of a stage that keeps its data, and that one call of DeleteTable would still delete. */

import { known } from '../answer.ts';
import type { Check } from './check.ts';
import { amount } from './numbers.ts';

export const tables: Check = ({ answers }, { stage }) => {
  const unprotected = known(answers.unprotectedTables) ?? [];
  if (unprotected.length === 0) return [];
  return [
    {
      severity: 'note',
      about: 'tables',
      sentence: `${amount(unprotected.length, 'table')} of the stage can be deleted by one call: deletion protection is off.`,
      remedy: `Turn it on: \`npm run -s protect -- --stage ${stage}\``,
    },
  ];
};
