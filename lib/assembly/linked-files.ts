/** Hard links to the files of a folder: they take no copy, and stay when the folder is removed. */

import { copyFileSync, existsSync, linkSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/** Functions with the same bundle share one target: nothing happens if it exists. */
export function linkFiles(folder: string, files: readonly string[], target: string): void {
  if (existsSync(target)) return;
  mkdirSync(target, { recursive: true });
  for (const file of files) {
    const [from, to] = [path.join(folder, file), path.join(target, file)] as const;
    try {
      linkSync(from, to);
    } catch {
      // The temporary folder can be on another disk than the project.
      copyFileSync(from, to);
    }
  }
}
