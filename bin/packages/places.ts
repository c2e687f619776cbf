/** The folders of the packages, and the folders in which each is built for publishing. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The published packages. `fanfare-protocol` is private, and part of both. */
export const PUBLISHED = ['fanfare-client', 'fanfare-local'] as const;
export type PublishedName = (typeof PUBLISHED)[number];

/** The folder of its sources, as in Git. */
export const sourceOf = (name: PublishedName) => path.join(ROOT, 'packages', name.replace('fanfare-', ''));

/** The folder that is packed: a whole package with a manifest of its own. Git ignores it. */
export const builtOf = (name: PublishedName) => path.join(sourceOf(name), 'dist');
