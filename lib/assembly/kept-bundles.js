/** Bundles of the functions, kept from one start to the next: what they are made of decides whether they are built again. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { functionNames } from '../../lambdas/manifest/manifest.js';
import { buildingFolder, KEPT, PROJECT as project } from './bundle-folders.js';
import { buildBundles } from './bundles.js';
/** Folders and files that a bundle is made of; what is installed changes with the lock file. */
const SOURCES = [
    'lambdas',
    'packages/protocol',
    'fanfare.config.ts',
    'lib/assembly/bundles.ts',
    'package-lock.json',
];
/** No process reads a folder for so long; a younger one may be in use by another process. Milliseconds. */
const UNUSED_MS = 24 * 60 * 60 * 1000;
/**
 * The folder with the bundles of the source as it is now.
 *
 * @param onStep Told before functions are built; a build takes seconds.
 * @throws BundleError when a function does not build.
 */
export async function keptBundles(onStep = () => { }) {
    const print = await fingerprint();
    const folder = path.join(KEPT, print);
    if (existsSync(folder))
        return folder;
    const built = buildingFolder();
    onStep(`Building ${functionNames.length} functions`);
    await buildBundles(built);
    // An edit during the build belongs to the next one.
    if ((await fingerprint()) !== print)
        return built;
    await removeUnused();
    // Where another process was faster, its folder holds the same.
    await rename(built, folder).catch(() => rm(built, { recursive: true }));
    return folder;
}
async function fingerprint() {
    const hash = createHash('sha256');
    for (const name of (await Promise.all(SOURCES.map(filesIn))).flat().sort()) {
        const content = await readFile(path.join(project, name));
        hash.update(`${name}\0${content.byteLength}\0`).update(content);
    }
    return hash.digest('hex').slice(0, 16);
}
async function filesIn(source) {
    const root = path.join(project, source);
    if (!(await stat(root)).isDirectory())
        return [source];
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => path.relative(project, path.join(parentPath, name)));
}
async function removeUnused() {
    await mkdir(KEPT, { recursive: true });
    for (const name of await readdir(KEPT)) {
        const folder = path.join(KEPT, name);
        const { mtimeMs } = await stat(folder);
        if (mtimeMs < Date.now() - UNUSED_MS)
            await rm(folder, { recursive: true, force: true });
    }
}
