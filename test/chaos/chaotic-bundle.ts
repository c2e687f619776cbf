/** Bundles the functions for a run: with delays before their port calls, and perhaps a planted mistake. */

import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '../../lib/bundling/bundles.ts';
import type { MutantName } from '../exploration/mutants.ts';

const HESITANT = fileURLToPath(new URL('hesitant-answer.ts', import.meta.url));

/** In `default.ts`, and only there, `answer` is the hesitant one. */
export function chaoticBundle(mutant: MutantName | undefined): BundleOptions {
  return {
    define: { MUTANT: JSON.stringify(mutant ?? null) },
    plugins: [
      {
        name: 'chaos',
        setup(build) {
          build.onResolve({ filter: /actions\/answer\.ts$/ }, ({ importer }) =>
            importer.endsWith('default.ts') ? { path: HESITANT } : undefined,
          );
        },
      },
    ],
  };
}
