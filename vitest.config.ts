/** Test settings: everything runs offline, and template validation is left to `npm run synth`. */

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { recordOutput } from './test/leaks/evidence.ts';

/** Packages of this repository are reached by their source: nothing has to be built before a test. */
const conditions = ['fanfare-source', 'node'];

export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    // Whatever is printed is searched for tokens and secrets when all tests are over.
    globalSetup: ['test/leaks/global-setup.ts'],
    onConsoleLog: (log) => recordOutput('tests', log),
    // Many of them wait, for sockets and for timers, so two share two processors well.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A whole runtime starts in some of them, on machines that are busy with the others; only what hangs takes so long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: {
      // Seconds per synth, and nothing to say about a template that did not change in between.
      CDK_VALIDATION: 'false',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  },
});
