/** The console as static files: what is in `console/`, and the client library that the page imports, bundled. */

import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const project = fileURLToPath(new URL('../../', import.meta.url));
const folder = path.join(project, 'console');

/** What browsers are told of a file, by its ending; files with another one are not part of the site. */
const types = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

export interface SiteFile {
  readonly type: string;
  /** Read anew each time, so that an edit shows. */
  content(): Promise<string>;
}

/** Every file of the site by its name. */
export const consoleSite: ReadonlyMap<string, SiteFile> = new Map([
  ...readdirSync(folder).flatMap((name) => {
    const type = types.get(path.extname(name));
    return type === undefined ? [] : [[name, fileOf(name, type)] as const];
  }),
  ['client.js', { type: 'text/javascript; charset=utf-8', content: bundleClient }],
]);

function fileOf(name: string, type: string): SiteFile {
  return { type, content: () => readFile(path.join(folder, name), 'utf8') };
}

let bundled: Promise<string> | undefined;

/** A module with what `console/client.d.ts` declares; made once. */
function bundleClient(): Promise<string> {
  bundled ??= build({
    absWorkingDir: project,
    stdin: { contents: "export * from './client/index.ts';", resolveDir: project },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '');
  return bundled;
}
