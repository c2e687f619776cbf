/** Copies the code of functions to where nothing of the project is around it, as in Lambda. */

import { cp, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { StartError } from '../start-error.ts';

/** What Lambda's runtimes for Node.js bring along: the SDK, and what it is made of. */
const SCOPES = ['@aws-sdk', '@smithy'];

/**
 * Beside a `package.json` of the project, `index.js` could mean something else than it does in Lambda, and modules would be
 * found that are not deployed.
 *
 * @param files By their keys in the asset bucket.
 * @param keys The ones that are needed.
 * @returns The folder of each.
 * @throws StartError that names code which is missing, or packed.
 */
export async function stageCode(
  files: ReadonlyMap<string, string>,
  keys: readonly string[],
  outdir: string,
): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  for (const key of new Set(keys)) {
    const source = files.get(key);
    if (source === undefined) throw new StartError(`The code ${key} is not beside the template.`);
    const folder = path.join(outdir, 'code', path.basename(key, path.extname(key)));
    if (!(await stat(source)).isDirectory())
      throw new StartError(`The code ${source} is packed; the local runtime wants a folder.`);
    await cp(source, folder, { recursive: true, dereference: true });
    folders.set(key, folder);
  }
  return folders;
}

/** Makes the SDK resolvable from below the folder: that of the project, and where it has none, our own. */
export async function linkSdk(outdir: string, project: string): Promise<void> {
  for (const scope of SCOPES) {
    const target = path.join(outdir, 'node_modules', scope);
    await mkdir(target, { recursive: true });
    const packages = new Map<string, string>();
    for (const modules of [...modulesAround(import.meta.dirname), ...modulesAround(project)]) {
      const folder = path.join(modules, scope);
      for (const name of await readdir(folder).catch(() => [])) packages.set(name, path.join(folder, name));
    }
    for (const [name, source] of packages) await symlink(source, path.join(target, name), 'junction');
  }
}

/** Where Node looks for modules from a folder, the nearest place last. */
function modulesAround(folder: string): readonly string[] {
  return createRequire(path.join(folder, 'index.js')).resolve.paths('@aws-sdk')?.toReversed() ?? [];
}
