/** Test settings: everything runs offline, and template validation is left to `npm run synth`. */

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A whole runtime starts in some of them, on machines that are busy with the others.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    env: {
      // Seconds per synth, and nothing to say about a template that did not change in between.
      CDK_VALIDATION: 'false',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  },
});
