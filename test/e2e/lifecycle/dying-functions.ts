/** Bundles the functions that send events, so that they die while they send. */

import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '../../../lib/assembly/bundles.ts';

const DYING = fileURLToPath(new URL('dying-event-bridge.ts', import.meta.url));

export const dyingFunctions: BundleOptions = {
  plugins: [
    {
      name: 'dying functions',
      setup(build) {
        build.onResolve({ filter: /aws\/event-bridge\.ts$/ }, ({ importer }) =>
          importer.endsWith('-events.ts') ? { path: DYING } : undefined,
        );
      },
    },
  ],
};
