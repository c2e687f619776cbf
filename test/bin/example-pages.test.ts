/** What the local runtime serves below `/examples/`. */

import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PageFile } from 'fanfare-local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleOf, entryOf } from '../../bin/examples/bundle.ts';
import { ExampleSite } from '../../bin/examples/example-pages.ts';
import { EXAMPLES, exampleOf, examples } from '../../bin/examples/examples.ts';
import { sourcesOf } from '../../bin/examples/sources.ts';

const site = new ExampleSite();

function pageAt(target: string): PageFile | undefined {
  const [name = '', query = ''] = target.split('?');
  return site.find(name, new URL(`http://localhost:1/examples/?${query}`));
}

async function entryWith(program: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'example-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const entry = path.join(folder, 'main.ts');
  await writeFile(entry, program);
  return entry;
}

describe('the pages of the examples', () => {
  it('have a list, which names each example and links to it', async () => {
    const list = (await pageAt('')?.content()) ?? '';

    expect(examples().map(({ name }) => name)).toContain('chat');
    for (const { name, title, line } of examples())
      expect(list).toContain(`<li><a href="${name}/">${title}</a><p>${line}</p></li>`);
    expect(JSON.parse((await pageAt('examples.json')?.content()) ?? '')).toEqual(examples());
  });

  it.each(examples().map(({ name }) => name))('load in %s only what is served', async (name) => {
    // From the disk, because the page itself waits for the server side of the example.
    const page = await readFile(path.join(EXAMPLES, name, 'index.html'), 'utf8');
    const loaded = [...page.matchAll(/ (?:src|href)="([^"#]+)"/g)].map(([, link = '']) => link);
    const below = loaded
      .map((link) => new URL(link, `http://localhost:1/examples/${name}/`).pathname)
      .filter((link) => link.startsWith('/examples/'));

    expect(page).not.toMatch(/<script(?![^>]* src=)|<style| style=| on[a-z]+="/);
    expect(below.length).toBeGreaterThan(0);
    expect(below.filter((link) => !pageAt(link.slice('/examples/'.length)))).toEqual([]);
  });

  it('lead from a path without the last slash to the one with it', async () => {
    expect(await pageAt('chat')?.content()).toContain('url=chat/');
  });

  it.each([
    'none/',
    'chat/none.html',
    'chat/main.tsx',
    'chat/README.md',
    'chat/../../package.json',
    'chat/..%2fchat.css',
    'chat/../sources.json',
    'none/sources.json',
    'none/shown.json',
    'publish-from-aws/sources.json',
    'sources.json',
    '../package.json',
    'chat//chat.css',
    'publish-from-aws/',
    'publish-from-aws/app.ts',
    'constructor',
    'toString/',
    'token',
    'token?user=',
    `token?user=${'a'.repeat(1_000)}`,
  ])('do not include %s', (name) => {
    expect(pageAt(name)).toBeUndefined();
  });
});

describe('the sources of an example', () => {
  const names = async (folder: string) => (await sourcesOf(folder)).map(({ name }) => name);

  it('are those of its program, the main one first, then its server and the others, pages and styles last', async () => {
    expect(await names(path.join(EXAMPLES, 'chat'))).toEqual([
      'main.tsx',
      'use-typing.ts',
      'chat.css',
      'index.html',
    ]);
    expect((await names(path.join(EXAMPLES, 'notifications'))).slice(0, 2)).toEqual([
      'main.tsx',
      'server.ts',
    ]);
  });

  it('are served as text', async () => {
    const sources = JSON.parse((await pageAt('chat/sources.json')?.content()) ?? '');

    expect(sources[0]).toEqual({
      name: 'main.tsx',
      text: await readFile(path.join(EXAMPLES, 'chat/main.tsx'), 'utf8'),
    });
  });

  it('include no link, no folder, and no other kind of file', async () => {
    const folder = path.dirname(await entryWith('export {};'));
    await symlink(path.resolve('package.json'), path.join(folder, 'out.ts'));
    await mkdir(path.join(folder, 'inner.ts'));
    for (const name of ['load.ts', '.env', 'secret.pem', 'notes.md'])
      await writeFile(path.join(folder, name), name);

    expect(await names(folder)).toEqual(['main.ts']);
  });
});

describe('an example in a pane of the tour', () => {
  it('gets the script that lets the tour cut its network, before its own program', async () => {
    const script = '<script src="/console/framed-network.js"></script>';
    const page = (await pageAt('chat/?user=ann&tour')?.content()) ?? '';

    expect(page).toContain(`<head>${script}`);
    expect(page.replace(script, '')).toBe(await pageAt('chat/?user=ann')?.content());
  });

  it('is that of Ann and that of Ben, unless its page names others', () => {
    const page = '<title>A</title><meta name="description" content="An A.">';
    const own = '<meta name="tour" content="Customer ?user=ann, Agent ?user=ben&view=agent">';

    expect(exampleOf('a', page).panes).toEqual([
      { label: 'Ann', query: '?user=ann' },
      { label: 'Ben', query: '?user=ben' },
    ]);
    expect(exampleOf('a', page + own).panes).toEqual([
      { label: 'Customer', query: '?user=ann' },
      { label: 'Agent', query: '?user=ben&view=agent' },
    ]);
  });
});

describe('an example', () => {
  it.each(['<title>Chat</title>', '<meta name="description" content="A chat.">'])(
    'needs a title and a description: %s is not enough',
    (page) => {
      expect(() => exampleOf('chat', page)).toThrow('examples/chat/index.html needs');
    },
  );

  it('that does not build says why in the console of its page, until it is mended', async () => {
    const entry = await entryWith("import './none.ts';");
    const { js } = await bundleOf(entry);
    await writeFile(path.join(path.dirname(entry), 'none.ts'), "console.log('mended');");

    expect(() => new Function(js)()).toThrow('Could not resolve "./none.ts"');
    expect((await bundleOf(entry)).js).toContain('mended');
  });

  it('gets the styles that its modules import', async () => {
    const entry = await entryWith("import './own.css';");
    await writeFile(path.join(path.dirname(entry), 'own.css'), '.own { color: red }');

    expect((await bundleOf(entry)).css).toContain('.own {');
  });

  it('is bundled once, until one of its files changes', async () => {
    const entry = entryOf(path.join(EXAMPLES, 'chat')) ?? '';
    const [one, other] = await Promise.all([bundleOf(entry), bundleOf(entry)]);

    expect(one.files?.size).toBeGreaterThan(10);
    expect(await bundleOf(entry)).toBe(one);
    expect(other).toBe(one);
  });

  it.each(['main.ts', 'part.ts', 'own.css'])('shows a change of %s at once', async (changed) => {
    const entry = await entryWith("import './own.css'; import './part.ts'; console.log('before');");
    const folder = path.dirname(entry);
    await writeFile(path.join(folder, 'part.ts'), "console.log('before');");
    await writeFile(path.join(folder, 'own.css'), '.before { color: red }');
    // A file that has just been written may be read again, so the bundle is kept from the second or third time on.
    let last: unknown;
    for (let next = await bundleOf(entry); next !== last; next = await bundleOf(entry)) last = next;
    const file = path.join(folder, changed);
    await writeFile(file, (await readFile(file, 'utf8')).replace('before', 'edited'));

    const { js, css } = await bundleOf(entry);
    expect(`${js} ${css}`).toContain('edited');
  });
});
