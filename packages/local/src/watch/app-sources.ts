/** The sources of an app: the files from which its command makes the template and the code of its functions. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Watched } from './watched-folders.ts';

/** Packages, and what the CDK writes. A folder that begins with a dot belongs to a tool. */
const FOREIGN = new Set(['node_modules', 'cdk.out', 'coverage']);

const SOURCE = /\.(?:[cm]?[jt]sx?|json)$/;

export const appSources: Watched = {
  isFolder: (name) => name.split(path.sep).every((part) => !part.startsWith('.') && !FOREIGN.has(part)),
  isSource: (name) => SOURCE.test(name) && appSources.isFolder(path.dirname(`/${name}`).slice(1)),
};

/**
 * Tells whether a file has other content than before. An app that compiles itself writes its output at each synthesis: without this, each
 * synthesis would cause the next one.
 */
export class Contents {
  private readonly hashes = new Map<string, string>();
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** True also for the first change of a file, because its content before is not known. */
  hasChanged(name: string): boolean {
    const hash = this.hashOf(name);
    if (this.hashes.get(name) === hash) return false;
    this.hashes.set(name, hash);
    return true;
  }

  private hashOf(name: string): string {
    try {
      return createHash('sha256')
        .update(readFileSync(path.join(this.root, name)))
        .digest('hex');
    } catch {
      return 'no file';
    }
  }
}
