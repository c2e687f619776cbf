/** Notes the cost of a stage's own key, and that the key stays when the stack is deleted. */

import { known } from '../answer.ts';
import type { Check } from './check.ts';

export const key: Check = ({ answers }, { makesKey }) => {
  const resources = known(answers.resources);
  if (!makesKey || !resources || resources.some(({ type }) => type === 'AWS::KMS::Key')) return [];
  return [
    {
      severity: 'note',
      about: 'key',
      sentence:
        "The stack makes a KMS key of its own, for $1 a month and $0.03 for 10,000 uses; `encryption: 'customer-managed'` asks for it.",
      remedy:
        "Without that, set `encryption: 'aws-managed'` for the stage in lib/settings/stage-settings.ts before the first deployment.",
    },
  ];
};
