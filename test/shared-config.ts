/**
 * The namespaces of the stage that test files share: those of the app, but a user who is gone is missed after one second, and two
 * more for presence.
 */

import config from '../fanfare.config.ts';
import { defineConfig, type NamespacePolicy } from '../lambdas/realtime/access/namespaces.ts';

/** Long enough for a client to come back, short enough for a test to wait for the end of it. */
const presence = { lingerSeconds: 1 };

export default defineConfig((stage) => {
  const { namespaces, builtIn } = config(stage);
  const quick = (policy: NamespacePolicy): NamespacePolicy =>
    policy.presence === 'none' ? policy : { ...policy, presence };
  const all = Object.entries(namespaces).map(([name, policy]) => [name, quick(policy)] as const);
  const anyone = { subscribe: 'anyone', publish: 'anyone', history: 'none', presence } as const;
  return {
    namespaces: {
      ...Object.fromEntries(all),
      room: { ...anyone, members: 'anyone' },
      private: { ...anyone, members: 'granted' },
    },
    builtIn,
  };
});
