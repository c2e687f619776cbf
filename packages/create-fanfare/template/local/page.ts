/** The page in `web/`, as `npm start` serves it. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { PageFile } from 'fanfare-local';
import { PROJECT } from './backend.ts';

const client = path.dirname(createRequire(import.meta.url).resolve('fanfare-client/package.json'));

const inWeb = (name: string) => path.join(PROJECT, 'web', name);

/** Read again for each request, so that an edit shows when you reload the page. */
const fileAt = (type: string, file: string): PageFile => ({ type, content: () => readFile(file, 'utf8') });

/** @param webSocketUrl Asked for each request, because a restart may change it. */
export function pageFiles(webSocketUrl: () => string): ReadonlyMap<string, PageFile> {
  return new Map([
    ['', fileAt('text/html', inWeb('index.html'))],
    ['main.js', fileAt('text/javascript', inWeb('main.js'))],
    ['style.css', fileAt('text/css', inWeb('style.css'))],
    ['fanfare-client.js', fileAt('text/javascript', path.join(client, 'dist/fanfare-client.js'))],
    [
      'backend.json',
      { type: 'application/json', content: async () => JSON.stringify({ url: webSocketUrl() }) },
    ],
  ]);
}
