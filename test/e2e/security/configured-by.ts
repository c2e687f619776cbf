/** Bundles of the app with another `fanfare.config.ts`. */

import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '../../../lib/assembly/bundles.ts';

/** The file replaces `fanfare.config.ts` in all imports. It may itself import the real one. */
export function configuredBy(file: URL): BundleOptions {
  const path = fileURLToPath(file);
  return {
    plugins: [
      {
        name: 'configuration',
        setup(build) {
          build.onResolve({ filter: /\/fanfare\.config\.ts$/ }, ({ importer }) =>
            importer === path ? undefined : { path },
          );
        },
      },
    ],
  };
}
