/** The namespaces of the app, and further ones, so that every access rule is tested for every right. */

import config from '../../../fanfare.config.ts';
import { defineConfig } from '../../../lambdas/realtime/access/namespaces.ts';

const history = { hours: 1 };
const presence = 'none';

export default defineConfig((stage) => {
  const { namespaces, builtIn } = config(stage);
  return {
    namespaces: {
      ...namespaces,
      // No two permissions of one namespace have the same audience: to ask for the wrong one would show.
      'turn-1': { subscribe: 'anyone', publish: 'signed-in', members: 'granted', history, presence },
      'turn-2': { subscribe: 'signed-in', publish: 'granted', members: 'servers', history, presence },
      'turn-3': { subscribe: 'granted', publish: 'servers', members: 'anyone', history, presence },
      'turn-4': { subscribe: 'servers', publish: 'anyone', members: 'signed-in', history, presence },
      // Only inboxes have an owner.
      owned: { subscribe: 'owner', publish: 'owner', members: 'owner', history, presence },
    },
    builtIn: {
      ...builtIn,
      '@user': { subscribe: 'owner', publish: 'owner', members: 'owner', history, presence },
    },
  };
});
