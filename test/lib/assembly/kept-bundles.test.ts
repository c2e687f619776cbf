import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionNames } from '../../../lambdas/manifest/manifest.ts';
import { keptBundles } from '../../../lib/assembly/kept-bundles.ts';
import { buildBundles } from '../../../lib/bundling/bundles.ts';
import { emptyFolder } from '../../local/empty-folder.ts';

describe('kept bundles', () => {
  it('equal a build of the same source, for every function', async () => {
    const folder = await emptyFolder();
    const [kept] = await Promise.all([keptBundles(), buildBundles(folder)]);

    expect((await readdir(kept)).sort()).toEqual([...functionNames].sort());
    for (const name of functionNames) expect(await entryOf(kept, name)).toBe(await entryOf(folder, name));
  });

  it('are one folder for all callers, at once and later', async () => {
    const [one, other] = await Promise.all([keptBundles(), keptBundles()]);

    expect(other).toBe(one);
    expect(await keptBundles()).toBe(one);
  });
});

/** Names of the files beside it depend on where it was built. */
async function entryOf(folder: string, name: string): Promise<string> {
  const text = await readFile(path.join(folder, name, 'index.mjs'), 'utf8');
  return createHash('sha256')
    .update(text.replaceAll(/-[A-Z0-9]{8}\.mjs/g, ''))
    .digest('hex');
}
