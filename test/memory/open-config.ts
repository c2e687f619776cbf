/** A configuration in which everyone may do everything, for tests that are not about permissions. */

import type { FanfareConfig } from '../../lambdas/realtime/access/namespaces.ts';

const anyone = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: 24 },
  presence: 'none',
} as const;

/** The channels `open:…` keep their messages for a day. */
export const openConfig: FanfareConfig = {
  namespaces: { open: anyone },
  builtIn: { '@all': anyone, '@user': anyone },
};
