/** Bundles the functions with a planted mistake between the domain and its ports. */

import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '../../lib/bundles.ts';
import type { MutantName } from '../exploration/mutants.ts';

const MUTATED = fileURLToPath(new URL('mutated-answer.ts', import.meta.url));

/** In `default.ts`, and only there, `answer` is the mutated one. */
export function withMutant(name: MutantName): BundleOptions {
  return {
    define: { MUTANT: JSON.stringify(name) },
    plugins: [
      {
        name: 'mutant',
        setup(build) {
          build.onResolve({ filter: /actions\/answer\.ts$/ }, ({ importer }) =>
            importer.endsWith('default.ts') ? { path: MUTATED } : undefined,
          );
        },
      },
    ],
  };
}
