import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { functionNames } from '../../../lambdas/manifest/manifest.ts';
import { keptBundles } from '../../../lib/assembly/kept-bundles.ts';
import { BundleError, buildBundles } from '../../../lib/bundling/bundles.ts';

describe('bundles', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fanfare-bundles-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('are self-contained: each function of the manifest has a folder whose modules need no other', async () => {
    const all = await keptBundles();

    expect((await readdir(all)).sort()).toEqual([...functionNames].sort());
    expect(functionNames).toContain('connect');
    for (const name of functionNames) {
      const files = (await readdir(path.join(all, name))).filter((file) => file.endsWith('.mjs'));
      expect(files).toContain('index.mjs');
      for (const file of files) {
        const code = await readFile(path.join(all, name, file), 'utf8');
        const imported = [...code.matchAll(/(?:^|[;\n])import[^"'()]*"([^"]+)"/g)].map(
          ([, module]) => module ?? '',
        );
        const isThere = (module: string) => isBuiltin(module) || files.includes(module.replace('./', ''));
        expect(imported.filter((module) => !isThere(module))).toEqual([]);
      }
    }
  });

  it('load modules that only some invocations need when one needs them', async () => {
    await buildBundles(folder, { only: ['default'] });

    const entry = await readFile(path.join(folder, 'default', 'index.mjs'), 'utf8');
    expect(entry).toMatch(/import\("\.\/pool-\w+\.mjs"\)/);
    expect(entry).not.toMatch(/import[^(]*"\.\/pool-/);
  });

  it('are built again without a trace of the last build', async () => {
    const only = ['default'] as const;
    await buildBundles(folder, { only });
    const before = await readdir(path.join(folder, 'default'));
    await writeFile(path.join(folder, 'default', 'stale.mjs'), '');

    await buildBundles(folder, { only });

    expect(await readdir(path.join(folder, 'default'))).toEqual(before);
  });

  it('of broken source fail with a sentence that names file and line', async () => {
    for (const name of functionNames) {
      await writeFile(path.join(folder, `${name}.ts`), 'export const handler = () => undefined;\n');
    }
    await writeFile(path.join(folder, 'connect.ts'), 'export const fine = 1;\nexport const broken = ;\n');

    const building = buildBundles(path.join(folder, 'out'), { sources: folder });

    await expect(building).rejects.toThrow(BundleError);
    await expect(building).rejects.toThrow(/connect\.ts:2:\d+ does not build: Unexpected ";"$/);
  });
});
