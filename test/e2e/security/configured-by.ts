/** Bundles of the app with another `fanfare.config.ts`. */

import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '../../../lib/bundling/bundles.ts';

/** The functions and the template have this configuration. The file may itself import the real one. */
export function configuredBy(file: URL): BundleOptions {
  return { config: fileURLToPath(file) };
}
