/** The namespaces of the app with a linger of one second, so that tests do not wait for ten. */

import config from '../../fanfare.config.ts';
import { defineConfig, type NamespacePolicy } from '../../lambdas/realtime/access/namespaces.ts';

export default defineConfig((stage) => {
  const { namespaces, builtIn } = config(stage);
  const quick = (policy: NamespacePolicy): NamespacePolicy =>
    policy.presence === 'none' ? policy : { ...policy, presence: { lingerSeconds: 1 } };
  const all = Object.entries(namespaces).map(([name, policy]) => [name, quick(policy)] as const);
  return { namespaces: Object.fromEntries(all), builtIn };
});
