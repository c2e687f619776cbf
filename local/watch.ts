/** Calls back when the source of the functions changes. */

import { readdirSync, watch } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Editors write a file in several steps; one reload covers them. Milliseconds. */
const SETTLE_MS = 100;

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** Folders whose files are source, at any depth, and the one file beside them. */
const FOLDERS = ['lambdas', 'protocol'];
const FILE = 'fanfare.config.ts';

/** Watches until `close` is called on what is returned. A folder that is made later is not watched. */
export function watchSources(onChange: () => void, project = PROJECT): { close(): void } {
  let settled: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(settled);
    settled = setTimeout(onChange, SETTLE_MS);
  };
  // Each folder by itself: Node 20 loses files that an editor saves by renaming, both alone and in a recursive watch.
  const watchers = FOLDERS.flatMap((name) => foldersIn(path.join(project, name))).map((folder) =>
    watch(folder, changed),
  );
  watchers.push(watch(project, (_event, name) => name === FILE && changed()));
  return {
    close() {
      clearTimeout(settled);
      for (const watcher of watchers) watcher.close();
    },
  };
}

function foldersIn(root: string): string[] {
  const below = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  return [root, ...below.map(({ parentPath, name }) => path.join(parentPath, name))];
}
