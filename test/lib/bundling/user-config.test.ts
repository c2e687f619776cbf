import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BundleError } from '../../../lib/bundling/bundles.ts';
import { loadUserConfig } from '../../../lib/bundling/user-config.ts';
import { emptyFolder } from '../../local/empty-folder.ts';

const policy = `{ subscribe: 'anyone', publish: 'servers', members: 'servers', history: 'none', presence: 'none' }`;

const config = (name: string) => `
import { defineConfig } from 'fanfare/config';
import { policy } from './policy';
export default defineConfig(({ local }) => ({
  namespaces: { ${name}: policy, ...(local && { open: policy }) },
  builtIn: { '@all': policy, '@user': policy },
}));`;

/** A folder with a configuration and a file that it imports. */
async function folderWith(text: string): Promise<string> {
  const folder = await emptyFolder();
  await writeFile(path.join(folder, 'policy.ts'), `export const policy = ${policy} as const;`);
  await writeFile(path.join(folder, 'fanfare.config.ts'), text);
  return path.join(folder, 'fanfare.config.ts');
}

describe('the configuration of an app', () => {
  it('is run at once, with what it imports and what the package gives it', async () => {
    const { declare } = loadUserConfig(await folderWith(config('news')));

    expect(Object.keys(declare({ local: false }).namespaces)).toEqual(['news']);
    expect(Object.keys(declare({ local: true }).namespaces)).toEqual(['news', 'open']);
  });

  it('is loaded once in a process, as a module is', async () => {
    const file = await folderWith(config('news'));

    expect(loadUserConfig(file)).toBe(loadUserConfig(file));
  });

  it('knows its own place', async () => {
    const file = await folderWith(
      `export default () => ({ namespaces: { [import.meta.url]: {} }, builtIn: {} });`,
    );

    expect(Object.keys(loadUserConfig(file).declare({ local: true }).namespaces)[0]).toMatch(
      /^file:.*fanfare\.config\.ts$/,
    );
  });

  it('has another fingerprint if a file that it imports is another one', async () => {
    const [one, other] = [await folderWith(config('news')), await folderWith(config('news'))];

    expect(loadUserConfig(one).fingerprint).not.toBe(loadUserConfig(other).fingerprint);
  });

  it('is asked for if it is missing', () => {
    expect(() => loadUserConfig('realtime/no.config.ts')).toThrow(
      new BundleError(`There is no configuration realtime/no.config.ts in ${process.cwd()}.`),
    );
  });

  it('that does not compile is named with its line', async () => {
    const file = await folderWith('export const fine = 1;\nexport default ;\n');

    expect(() => loadUserConfig(file)).toThrow(/fanfare\.config\.ts:2:\d+ does not build: Unexpected ";"$/);
  });

  it('without a default export is told what to write', async () => {
    const file = await folderWith('export const config = 1;');

    expect(() => loadUserConfig(file)).toThrow(
      `${file} has no configuration: write "export default defineConfig(...)".`,
    );
  });
});
