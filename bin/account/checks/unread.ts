/** What could not be read: preflight says so instead of calling it good. */

import type { Check } from './check.ts';

export const unread: Check = ({ answers }) =>
  Object.values(answers).flatMap((answer) =>
    'unread' in answer ? [{ severity: 'note', about: 'unread', sentence: answer.unread }] : [],
  );
