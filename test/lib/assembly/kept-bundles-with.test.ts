/** Bundles with another configuration are kept as well, and share what is the same for every configuration. */

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { functionNames } from '../../../lambdas/manifest/manifest.ts';
import { keptBundles, keptBundlesWith } from '../../../lib/assembly/kept-bundles.ts';

/** The configuration of the shared runtime: in a whole run, its bundles are already there. It has a namespace `lounge`. */
const CONFIG = fileURLToPath(new URL('../../shared-config.ts', import.meta.url));

const codeOf = (folder: string, name: string) => readFile(path.join(folder, name, 'index.mjs'), 'utf8');

const inodeOf = async (folder: string, name: string) =>
  (await stat(path.join(folder, name, 'index.mjs'))).ino;

describe('kept bundles with another configuration', () => {
  it('have it in the functions that read it, are those of every configuration otherwise, and are kept', async () => {
    const kept = await keptBundles();
    const folder = await keptBundlesWith(CONFIG);

    expect((await readdir(folder)).sort()).toEqual([...functionNames].sort());
    expect(await codeOf(folder, 'connect')).toContain('lounge');
    expect(await codeOf(kept, 'connect')).not.toContain('lounge');
    expect(await inodeOf(folder, 'disconnect')).toBe(await inodeOf(kept, 'disconnect'));
    expect(await keptBundlesWith(CONFIG)).toBe(folder);
  });

  it('are built for the functions of which a build has found that the configuration is in them', async () => {
    const configured: unknown = JSON.parse(await readFile(`${await keptBundles()}.json`, 'utf8'));

    expect(configured).toEqual(expect.arrayContaining(['authorize', 'connect', 'default', 'api']));
    expect(configured).not.toContain('disconnect');
  });
});
