/** Runs the planted leaks with the settings of all tests. */

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import own from '../../../vitest.config.ts';

/** The planted files are in no project. */
const { projects: _, ...settings } = own.test ?? {};

export default defineConfig({
  ...own,
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  test: { ...settings, include: ['test/leaks/planted/*.planted.ts'] },
});
