/** The pages of the examples, as the local runtime serves them below `/examples/`. A new example is only a new folder. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PageFile, PageSite } from 'fanfare-local';
import { bundleOf, entryOf } from './bundle.ts';
import { EXAMPLES, examples } from './examples.ts';
import { examplesIndex } from './index-page.ts';
import { ServerSides } from './server-sides.ts';
import { tokenPage } from './sign-in.ts';
import { sourcesOf } from './sources.ts';

export const EXAMPLES_PATH = '/examples/';

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

/** The files that a browser gets, by their ending. The sources of an example are not among them: it gets the bundle. */
const types = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

/** What belongs to all examples. */
const shared: Readonly<Record<string, (url: URL) => PageFile | undefined>> = {
  '': () => ({ type: 'text/html; charset=utf-8', content: async () => examplesIndex(examples()) }),
  'examples.json': () => ({ type: JSON_TYPE, content: async () => JSON.stringify(examples()) }),
  'look.css': () => fileAt('look.css'),
  token: tokenPage,
};

/** `chat/` and a file directly in this folder. No name has a dot first, so no path leads out of the folder. */
const PATH = /^(?<folder>[a-z][a-z-]*)\/(?<file>(?:[a-z][a-z-]*\.[a-z]+)?)$/;

export class ExampleSite implements PageSite {
  readonly #serverSides = new ServerSides();

  find(name: string, url: URL): PageFile | undefined {
    if (Object.hasOwn(shared, name)) return shared[name]?.(url);
    // The links of the page are relative to its folder.
    if (examples().some((example) => example.name === name)) return pageThatLeadsTo(`${name}/`);
    const { folder, file } = PATH.exec(name)?.groups ?? {};
    if (folder === undefined || file === undefined) return undefined;
    if (file === '') return this.#index(folder, url);
    if (file === 'sources.json') return sourcesPage(folder);
    if (file === 'shown.json') return this.#shown(folder, url);
    return bundleAt(folder, file) ?? fileAt(path.join(folder, file));
  }

  close(): void {
    this.#serverSides.close();
  }

  /** The page comes when the server side is ready for it. */
  #index(folder: string, { origin, searchParams }: URL): PageFile | undefined {
    const page = fileAt(path.join(folder, 'index.html'));
    if (!page) return undefined;
    const content = async () => {
      await this.#serverSides.start(folder, origin, searchParams.has('tour'));
      const text = await page.content();
      return searchParams.has('tour') ? text.replace('<head>', `<head>${TOUR_SCRIPT}`) : text;
    };
    return { ...page, content, mayBeFramed: true };
  }

  /** The tour asks for it while it shows the page, so that the server side runs on. */
  #shown(folder: string, { origin }: URL): PageFile | undefined {
    if (!examples().some(({ name }) => name === folder)) return undefined;
    const content = async () => {
      await this.#serverSides.start(folder, origin, true);
      return 'true';
    };
    return { type: JSON_TYPE, content };
  }
}

/** Lets the tour cut the network of a page in its panes. It is no module, so it runs before the modules of the page. */
const TOUR_SCRIPT = '<script src="/console/framed-network.js"></script>';

function sourcesPage(folder: string): PageFile | undefined {
  if (!examples().some(({ name }) => name === folder)) return undefined;
  return {
    type: JSON_TYPE,
    content: async () => JSON.stringify(await sourcesOf(path.join(EXAMPLES, folder))),
  };
}

function pageThatLeadsTo(name: string): PageFile {
  const content = async () => `<!doctype html><meta http-equiv="refresh" content="0; url=${name}">`;
  return { type: 'text/html; charset=utf-8', content };
}

/** `main.js` and `main.css`, which exist only as parts of the bundle of what the example begins with. */
function bundleAt(folder: string, file: string): PageFile | undefined {
  const entry = entryOf(path.join(EXAMPLES, folder));
  if (entry === undefined) return undefined;
  if (file === 'main.js') return { type: JAVASCRIPT, content: async () => (await bundleOf(entry)).js };
  if (file === 'main.css')
    return { type: types.get('.css') ?? '', content: async () => (await bundleOf(entry)).css };
  return undefined;
}

function fileAt(name: string): PageFile | undefined {
  const file = path.join(EXAMPLES, name);
  const type = types.get(path.extname(name));
  if (type === undefined || !existsSync(file)) return undefined;
  return { type, content: () => readFile(file, 'utf8') };
}
