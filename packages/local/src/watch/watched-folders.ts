/** Calls back when files below a folder change. */

import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import path from 'node:path';

/** Editors write a file in several steps; one callback covers them. Milliseconds. */
const SETTLE_MS = 100;

/** The part of a tree that is watched, by paths relative to its root. The root itself is always watched. */
export interface Watched {
  /** Whether files in this folder may be watched. */
  isFolder(name: string): boolean;
  /** Whether a change of this file, or of this folder, counts. */
  isSource(name: string): boolean;
}

export interface Watching {
  close(): void;
}

/**
 * Watches until the caller calls `close` of the result. Folders may be made, deleted and renamed meanwhile.
 *
 * @param onChange Called with the changed paths, relative to the root, as far as the platform names them.
 */
export function watchFolders(
  root: string,
  watched: Watched,
  onChange: (changed: ReadonlySet<string>) => void,
): Watching {
  return new WatchedFolders(root, watched, onChange);
}

/** Each folder by itself: Node 20 loses files that an editor saves by renaming, both alone and in a recursive watch. */
class WatchedFolders implements Watching {
  private readonly root: string;
  private readonly watched: Watched;
  private readonly onChange: (changed: ReadonlySet<string>) => void;
  /** By the identity of their folders. */
  private readonly watchers = new Map<string, FSWatcher>();
  private changed = new Set<string>();
  private settling: NodeJS.Timeout | undefined;
  private looking: NodeJS.Immediate | undefined;

  constructor(root: string, watched: Watched, onChange: (changed: ReadonlySet<string>) => void) {
    this.root = root;
    this.watched = watched;
    this.onChange = onChange;
    this.watchAll();
  }

  close(): void {
    clearTimeout(this.settling);
    clearImmediate(this.looking);
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
  }

  /** Brings the watchers in line with the folders that there are now. */
  private watchAll(): void {
    const folders = ['', ...foldersIn(this.root, '', this.watched)];
    const present = new Map(folders.map((name) => [identityOf(path.join(this.root, name)), name]));
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
      const watcher = watch(path.join(this.root, folder), (_event, file) => this.saw(folder, file ?? ''));
      // Some platforms call it an error when a watched folder is deleted.
      watcher.on('error', () => this.saw(folder, ''));
      this.watchers.set(identity, watcher);
    } catch {
      // It has gone since it was looked for.
    }
  }

  private saw(folder: string, file: string): void {
    const name = path.join(folder, file);
    const isSource = this.watched.isSource(name);
    if (!isSource && !this.watched.isFolder(name)) return;
    if (isSource) this.changed.add(name);
    // A new folder is watched soon. The callback that follows reads files that were written into it before. Changes of one turn share a look:
    // in a large folder that other programs write to, one look for each would leave no time for anything else.
    this.looking ??= setImmediate(() => {
      this.looking = undefined;
      this.watchAll();
    });
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLE_MS);
  }

  private settle(): void {
    const { changed } = this;
    this.changed = new Set();
    // Once more, because folders may have come and gone while they were looked for.
    this.watchAll();
    if (changed.size > 0) this.onChange(changed);
  }
}

/** The watched folders below one, at any depth. An unwatched one is not read: `node_modules` alone has thousands. */
function foldersIn(root: string, folder: string, watched: Watched): string[] {
  try {
    const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
    return names
      .filter((name) => watched.isFolder(name))
      .flatMap((name) => [name, ...foldersIn(root, name, watched)]);
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
