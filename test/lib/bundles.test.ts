import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { functionNames } from '../../lambdas/manifest.ts';
import { BundleError, buildBundles } from '../../lib/bundles.ts';

describe('bundles', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fanfare-bundles-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('are one self-contained module per function of the manifest', async () => {
    await buildBundles(folder);

    for (const name of functionNames) {
      const code = await readFile(path.join(folder, name, 'index.mjs'), 'utf8');
      const imported = [...code.matchAll(/(?:^|[;\n])import[^"'()]*"([^"]+)"/g)].map(
        ([, module]) => module ?? '',
      );
      expect(imported.filter((module) => !isBuiltin(module))).toEqual([]);
    }
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
