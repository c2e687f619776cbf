/** The environment of test files of the kind `runtime`: that of Node, and an end at which the shared runtime is closed. */

import type { Environment } from 'vitest/runtime';
import { endWorker } from './end-of-worker.ts';

const environment: Environment = {
  name: 'runtime',
  viteEnvironment: 'ssr',
  setup: () => ({ teardown: endWorker }),
};

export default environment;
