/** Copies the code of functions into folders outside of the project, as Lambda does. */

import { cp, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { StartError } from '../start-error.ts';

/** The packages that Lambda's Node.js runtimes contain: the SDK and its parts. */
const SCOPES = ['@aws-sdk', '@smithy'];

/**
 * A `package.json` of the project could turn `index.js` into an ES module, which it is not in Lambda. Node would also find modules of
 * the project that are not deployed.
 *
 * @param files By their keys in the asset bucket.
 * @param keys The keys whose files are needed.
 * @returns The folder for each key.
 * @throws StartError that names code which is missing, or which is a packed file.
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
    // The name of the folder has the hash of its files, and a running function may read them.
    await cp(source, folder, { recursive: true, dereference: true, force: false });
    folders.set(key, folder);
  }
  return folders;
}

/** Makes the SDK resolvable from the folder: the SDK of the project, or the one of the runtime if the project has none. */
export async function linkSdk(outdir: string, project: string): Promise<void> {
  for (const scope of SCOPES) {
    const target = path.join(outdir, 'node_modules', scope);
    await mkdir(target, { recursive: true });
    const packages = new Map<string, string>();
    for (const modules of [...modulesAround(import.meta.dirname), ...modulesAround(project)]) {
      const folder = path.join(modules, scope);
      for (const name of await readdir(folder).catch(() => [])) packages.set(name, path.join(folder, name));
    }
    // After a change of the app, most of them are there.
    const there = new Set(await readdir(target));
    for (const [name, source] of packages)
      if (!there.has(name)) await symlink(source, path.join(target, name), 'junction');
  }
}

/** The folders in which Node looks for modules, the nearest one last. */
function modulesAround(folder: string): readonly string[] {
  return createRequire(path.join(folder, 'index.js')).resolve.paths('@aws-sdk')?.toReversed() ?? [];
}
