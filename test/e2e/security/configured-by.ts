/** Bundles of the app as it is, but for its `fanfare.config.ts`. */

import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '../../../lib/assembly/bundles.ts';

/** The file takes the place of `fanfare.config.ts` wherever that is imported; it may itself import the real one. */
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
