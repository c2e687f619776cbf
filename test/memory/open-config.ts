/** A configuration in which everyone may do everything, for tests that are not about permissions. */

import type { FanfareConfig } from '../../lambdas/realtime/access/namespaces.ts';

const anyone = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: 24 },
  presence: 'none',
  edit: 'author',
} as const;

/** The channels `open:…` keep their messages for a day, and those of `game:…` also their values. A connection may follow many of `ticker:…`. */
export const openConfig: FanfareConfig = {
  namespaces: {
    open: anyone,
    game: { ...anyone, values: { hours: 48 } },
    ticker: { ...anyone, subscriptions: 'grouped' },
  },
  builtIn: { '@all': anyone, '@user': anyone },
};
