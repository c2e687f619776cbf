import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { appSources, Contents } from '../../../packages/local/src/watch/app-sources.ts';
import { emptyFolder } from '../empty-folder.ts';

describe('the sources of an app', () => {
  it.each(['app.ts', 'lib/stack.ts', 'realtime/rules.mts', 'web/page.tsx', 'announce/index.mjs', 'cdk.json'])(
    'include %s',
    (name) => {
      expect(appSources.isSource(name)).toBe(true);
    },
  );

  it.each([
    'node_modules/fanfare/dist/index.js',
    'lib/node_modules/x/index.js',
    'cdk.out/manifest.json',
    '.git/index.js',
    'lib/.cache/x.json',
    'README.md',
    'orders.log',
  ])('leave out %s', (name) => {
    expect(appSources.isSource(name)).toBe(false);
  });

  it('are in all folders but those of packages, of the CDK and of tools', () => {
    expect(['lib', 'lib/deep'].every(appSources.isFolder)).toBe(true);
    expect(['node_modules', 'lib/node_modules', 'cdk.out', '.git'].some(appSources.isFolder)).toBe(false);
  });
});

describe('the contents of files', () => {
  it('have changed when a file is seen first, and again only with other content', async () => {
    const folder = await emptyFolder();
    const write = (text: string) => writeFile(path.join(folder, 'app.ts'), text);
    const contents = new Contents(folder);
    await write('one');
    expect(contents.hasChanged('app.ts')).toBe(true);

    await write('one');
    expect(contents.hasChanged('app.ts')).toBe(false);
    await write('two');
    expect(contents.hasChanged('app.ts')).toBe(true);
  });

  it('have changed when a file goes', async () => {
    const folder = await emptyFolder();
    const contents = new Contents(folder);

    expect(contents.hasChanged('app.ts')).toBe(true);
    expect(contents.hasChanged('app.ts')).toBe(false);
  });
});
