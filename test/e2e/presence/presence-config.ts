/** The app's configuration with a shorter linger, and a namespace in which some subscribers may not see members. */

import config from '../../../fanfare.config.ts';
import { defineConfig } from '../../../lambdas/realtime/access/namespaces.ts';

/** Long enough for a client to come back, short enough to be waited for. */
const presence = { lingerSeconds: 1 };

export default defineConfig((stage) => {
  const { namespaces, builtIn } = config(stage);
  const anyone = { subscribe: 'anyone', publish: 'anyone', history: 'none', presence } as const;
  return {
    namespaces: {
      ...namespaces,
      room: { ...anyone, members: 'anyone' },
      private: { ...anyone, members: 'granted' },
    },
    builtIn,
  };
});
