/** Bundles the functions that send events, so that they die while they send. */

import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const DYING = fileURLToPath(new URL('dying-event-bridge.ts', import.meta.url));

export const dyingFunctions: Plugin = {
  name: 'dying functions',
  setup(build) {
    build.onResolve({ filter: /aws\/event-bridge\.ts$/ }, ({ importer }) =>
      importer.endsWith('-events.ts') ? { path: DYING } : undefined,
    );
  },
};
