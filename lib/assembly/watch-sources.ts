/** Calls back when the source changes. */

import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import path from 'node:path';
import { PROJECT } from './bundle-folders.ts';

/** Editors write a file in several steps; one reload covers them. Milliseconds. */
const SETTLE_MS = 100;

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

export interface Watching {
  close(): void;
}

/**
 * Watches until the caller calls `close` of the result. Folders may be made, deleted and renamed meanwhile.
 *
 * @param onChange Called with the changed paths, relative to the project, as far as the platform names them.
 */
export function watchSources(
  onChange: (changed: ReadonlySet<string>) => void,
  project = PROJECT,
  sources = SOURCES,
): Watching {
  return new WatchedFolders(project, sources, onChange);
}

/** Each folder by itself: Node 20 loses files that an editor saves by renaming, both alone and in a recursive watch. */
class WatchedFolders implements Watching {
  private readonly project: string;
  private readonly sources: Sources;
  private readonly onChange: (changed: ReadonlySet<string>) => void;
  /** By the identity of their folders. */
  private readonly watchers = new Map<string, FSWatcher>();
  private changed = new Set<string>();
  private settling: NodeJS.Timeout | undefined;

  constructor(project: string, sources: Sources, onChange: (changed: ReadonlySet<string>) => void) {
    this.project = project;
    this.sources = sources;
    this.onChange = onChange;
    this.watchAll();
  }

  close(): void {
    clearTimeout(this.settling);
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
  }

  /** Brings the watchers in line with the folders that there are now. */
  private watchAll(): void {
    const folders = ['', ...this.sources.folders.flatMap((name) => foldersIn(this.project, name))];
    const present = new Map(folders.map((name) => [identityOf(path.join(this.project, name)), name]));
    for (const [identity, watcher] of this.watchers) {
      if (present.has(identity)) continue;
      watcher.close();
      this.watchers.delete(identity);
    }
    for (const [identity, name] of present)
      if (identity !== undefined && !this.watchers.has(identity)) this.watch(identity, name);
  }

  private watch(identity: string, folder: string): void {
    try {
      const watcher = watch(path.join(this.project, folder), (_event, file) => this.saw(folder, file ?? ''));
      // Some platforms call it an error when a watched folder is deleted.
      watcher.on('error', () => this.saw(folder, ''));
      this.watchers.set(identity, watcher);
    } catch {
      // It has gone since it was looked for.
    }
  }

  private saw(folder: string, file: string): void {
    const name = path.join(folder, file);
    if (folder === '' && !this.isSource(name)) return;
    this.changed.add(name);
    // A new folder is watched at once. The reload that follows reads files that were written into it before.
    this.watchAll();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLE_MS);
  }

  private settle(): void {
    const { changed } = this;
    this.changed = new Set();
    // Once more, because folders may have come and gone while they were looked for.
    this.watchAll();
    this.onChange(changed);
  }

  private isSource(name: string): boolean {
    return this.sources.folders.includes(name) || this.sources.files.includes(name);
  }
}

/** The folder and all folders below it, relative to the project; an empty list if it does not exist. */
function foldersIn(project: string, root: string): string[] {
  try {
    const below = readdirSync(path.join(project, root), { recursive: true, withFileTypes: true });
    const folders = below.filter((entry) => entry.isDirectory());
    return [
      root,
      ...folders.map(({ parentPath, name }) => path.relative(project, path.join(parentPath, name))),
    ];
  } catch {
    // It went while it was read.
    return [];
  }
}

/**
 * A folder that was deleted and made again has the same path, and may have the same inode number. But it is a new folder, which
 * the old watcher does not see.
 */
function identityOf(folder: string): string | undefined {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats && `${folder} ${stats.ino} ${stats.birthtimeMs}`;
}
