/** Notes each fact that preflight could not read, so that a missing answer does not count as good. */

import type { Check } from './check.ts';

export const unread: Check = ({ answers }) =>
  Object.values(answers).flatMap((answer) =>
    'unread' in answer ? [{ severity: 'note', about: 'unread', sentence: answer.unread }] : [],
  );
