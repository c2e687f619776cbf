/** A copy of this checkout in a temporary folder, in which files may be broken. */

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { folderOfProcess } from '../../packages/local/src/terminal/exit-duties.ts';

/** Copies all files that git knows or would add, and links the installed packages. The copy is deleted at the end of this process. */
export function copyOf(checkout: string): string {
  const root = folderOfProcess();
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  for (const file of listed.split('\0')) {
    if (file !== '' && existsSync(path.join(checkout, file)))
      cpSync(path.join(checkout, file), path.join(root, file));
  }
  linkPackages(checkout, root);
  return root;
}

/** One link for `node_modules` would lead to the sources of the checkout itself: its own packages are linked in it. */
function linkPackages(checkout: string, root: string): void {
  const installed = path.resolve(checkout, 'node_modules');
  mkdirSync(path.join(root, 'node_modules'));
  for (const name of readdirSync(installed)) {
    const isOurs = name.startsWith('fanfare-');
    const target = isOurs
      ? path.join('..', 'packages', name.slice('fanfare-'.length))
      : path.join(installed, name);
    symlinkSync(target, path.join(root, 'node_modules', name));
  }
}
