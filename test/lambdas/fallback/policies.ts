/** Namespaces for tests of the fallback function. */

import type { FanfareConfig, NamespacePolicy } from '../../../lambdas/realtime/access/namespaces.ts';

const forAnyone: NamespacePolicy = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: 24 },
  presence: 'none',
};

export const policies: FanfareConfig = {
  namespaces: {
    open: forAnyone,
    live: { ...forAnyone, history: 'none' },
    chat: { ...forAnyone, subscribe: 'signed-in', publish: 'signed-in' },
    desk: { ...forAnyone, subscribe: 'signed-in', publish: 'signed-in', subscriptions: 'grouped' },
    /** A token has to name the right to see members. */
    room: {
      ...forAnyone,
      subscribe: 'signed-in',
      members: 'granted',
      history: 'none',
      presence: { lingerSeconds: 1 },
    },
    servers: { ...forAnyone, subscribe: 'servers' },
  },
  builtIn: {
    '@all': { ...forAnyone, history: 'none' },
    '@user': { ...forAnyone, subscribe: 'owner', members: 'servers' },
  },
};
