/** Bundles the functions for a run: with delays before their port calls, and perhaps a planted mistake. */

import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '../../lib/bundling/bundles.ts';
import type { MutantName } from '../exploration/mutants.ts';

/** In these functions, and only there, a module is the hesitant one. */
const standIns = [
  {
    path: /actions\/answer\.ts$/,
    within: 'default.ts',
    standIn: new URL('hesitant-answer.ts', import.meta.url),
  },
  { path: /log\/round\.ts$/, within: 'pack.ts', standIn: new URL('hesitant-round.ts', import.meta.url) },
];

export function chaoticBundle(mutant: MutantName | undefined): BundleOptions {
  return {
    define: { MUTANT: JSON.stringify(mutant ?? null) },
    plugins: [
      {
        name: 'chaos',
        setup(build) {
          for (const { path, within, standIn } of standIns)
            build.onResolve({ filter: path }, ({ importer }) =>
              importer.endsWith(`/${within}`) ? { path: fileURLToPath(standIn) } : undefined,
            );
        },
      },
    ],
  };
}
