/** The licences of the packages whose code is inside of ours. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './places.ts';

/** `node_modules/valibot` of `node_modules/valibot/dist/index.mjs`; the last one, if they are nested. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/** @param inputs Files in the bundles, below the root of the project. */
export async function thirdPartyLicences(inputs: readonly string[]): Promise<string> {
  const folders = new Set(inputs.flatMap((input) => PACKAGE.exec(input) ?? []));
  const texts = [...folders].toSorted().map(async (folder) => {
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const file = (await readdir(path.join(ROOT, folder))).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} is inside of the package, and has no licence.`);
    return `${name}\n\n${(await readFile(path.join(ROOT, folder, file), 'utf8')).trim()}\n`;
  });
  return (await Promise.all(texts)).join('\n---\n\n');
}
