/** Calls back when the source changes. */

import path from 'node:path';
import { type Watching, watchFolders } from 'fanfare-local';
import { PROJECT } from '../bundling/bundle-folders.ts';

/** Folders whose files are source, at any depth, and files beside them. */
interface Sources {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** The sources of the template and the functions; and `packages/local/`, which runs them. */
const SOURCES: Sources = {
  folders: ['lambdas', 'lib', 'packages/local/bin', 'packages/local/src', 'packages/protocol'],
  files: ['fanfare.config.ts', 'cdk.json', 'package-lock.json'],
};

/**
 * Watches until the caller calls `close` of the result. Folders may be made, deleted and renamed meanwhile.
 *
 * @param onChange Called with the changed paths, relative to the project, as far as the platform names them.
 */
export function watchSources(
  onChange: (changed: ReadonlySet<string>) => void,
  project = PROJECT,
  { folders, files }: Sources = SOURCES,
): Watching {
  const own = folders.map((folder) => folder.split('/').join(path.sep));
  const isIn = (name: string) => own.some((folder) => name === folder || name.startsWith(folder + path.sep));
  const watched = {
    isFolder: (name: string) => isIn(name) || own.some((folder) => folder.startsWith(name + path.sep)),
    isSource: (name: string) => isIn(name) || files.includes(name),
  };
  return watchFolders(project, watched, onChange);
}
