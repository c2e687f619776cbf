/** Makes the console as static files: the files of `console/`, the bundled client library, and the pages to which they link. */

import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { PageFile, Pages } from 'fanfare-local';

const project = fileURLToPath(new URL('../', import.meta.url));
const folder = path.join(project, 'console');

/** Pages of the documentation that the tour links to: it works without a network. As text, which every browser shows. */
const documents = ['first-steps.md', 'console.md', 'client.md'];

const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** The content type of a file by its ending. Files with another ending are not part of the site. */
const types = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', JAVASCRIPT],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

/** Every file of the site by its name. Each is read again for each request, so that an edit shows. */
export const consoleSite: Pages = new Map([
  ...readdirSync(folder).flatMap((name) => {
    const type = types.get(path.extname(name));
    return type === undefined ? [] : [[name, fileOf(path.join(folder, name), type)] as const];
  }),
  ...documents.map((name) => {
    return [name, fileOf(path.join(project, 'docs', name), 'text/plain; charset=utf-8')] as const;
  }),
  ['client.js', { type: JAVASCRIPT, content: bundleClient }],
]);

/** The same site as the local runtime serves it: its pages know that, and connect by themselves. */
export const localConsoleSite: Pages = new Map([
  ...consoleSite,
  ['place.js', { type: JAVASCRIPT, content: async () => 'export const isServedLocally = true;\n' }],
]);

function fileOf(file: string, type: string): PageFile {
  return { type, content: () => readFile(file, 'utf8') };
}

const CLIENT = `
export * from 'fanfare-client';
export { membersOf, presenceHandlers } from 'fanfare-client/presence';
`;

let bundled: Promise<string> | undefined;

/** A module with the exports of `console/client.d.ts`. It is built once. */
function bundleClient(): Promise<string> {
  bundled ??= build({
    absWorkingDir: project,
    stdin: { contents: CLIENT, resolveDir: project },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '');
  return bundled;
}
