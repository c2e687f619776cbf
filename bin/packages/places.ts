/** Where the packages are, and where each of them is built. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What npm gets; `fanfare-protocol` is private, and part of all of them. */
export const PUBLISHED = ['fanfare', 'fanfare-client', 'fanfare-local'] as const;
export type PublishedName = (typeof PUBLISHED)[number];

/** The folder of the package, which `npm pack` packs. */
export const folderOf = (name: PublishedName) =>
  name === 'fanfare' ? ROOT : path.join(ROOT, 'packages', name.replace('fanfare-', ''));

/** What is built of the package's `src`. Git ignores it. */
export const builtOf = (name: PublishedName) => path.join(folderOf(name), 'dist');
