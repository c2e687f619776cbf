/** A tree of source files: of a folder on the disk, or of a revision of this repository. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Text of each file by its path from the root, with `/` on every system. */
export type Tree = ReadonlyMap<string, string>;

const SOURCE = /\.(tsx?|mjs|js)$/;
const MANIFEST = /^packages\/[^/]+\/package\.json$/;

/** Folders that tools write, or that belong to other projects. */
const FOREIGN = new Set(['node_modules', 'cdk.out', 'dist', 'coverage']);

export function treeOfFolder(root: string): Tree {
  return new Map(
    filesBelow(root, '')
      .filter((file) => SOURCE.test(file) || MANIFEST.test(file))
      .map((file) => [file, readFileSync(path.join(root, file), 'utf8')]),
  );
}

export function treeOfRevision(repository: string, revision: string): Tree {
  const folder = mkdtempSync(path.join(tmpdir(), 'house-'));
  try {
    const archive = execFileSync('git', ['archive', '--format=tar', revision], {
      cwd: repository,
      maxBuffer: 1e9,
    });
    execFileSync('tar', ['-x', '-C', folder], { input: archive });
    return treeOfFolder(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || FOREIGN.has(entry.name)) return [];
    const inner = path.posix.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(root, inner) : entry.isFile() ? [inner] : [];
  });
}
