/** Where the sources of the functions are: as TypeScript in a checkout, and compiled in the package that is installed. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const place = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The packed library is one file, with this folder beside it. */
const packed = place('./functions');
const isPacked = existsSync(packed);

/** The folder above `lambdas`. */
export const SOURCES = isPacked ? packed : place('../..');

const EXTENSION = isPacked ? '.js' : '.ts';

/** The folders that functions are bundled of, beside the configuration and installed packages. */
export const SOURCE_FOLDERS = isPacked ? ['lambdas', 'protocol'] : ['lambdas', 'packages/protocol/src'];

/** In a checkout, paths in error messages are relative to it; in an app, to the folder in which it runs. */
export const WORKING_FOLDER = isPacked ? process.cwd() : SOURCES;

/** @example sourceFile('lambdas/connect') */
export function sourceFile(name: string): string {
  return path.join(SOURCES, `${name}${EXTENSION}`);
}

/** The module that a configuration imports as `fanfare/config`, below `SOURCES` and without its extension. */
export const CONFIG_MODULE = 'lambdas/own-logic/config';

/** What it imports while an app is synthesized. */
export const CONFIG_AT_SYNTHESIS = sourceFile('lambdas/own-logic/at-synthesis');

/** The functions import the same file, so a bundle has it once. */
export const CONFIG_DOOR = sourceFile(CONFIG_MODULE);

/** `FANFARE_BUNDLES` names another folder. With an empty folder, all bundles are built again. */
export const KEPT = process.env['FANFARE_BUNDLES'] ?? keptByDefault();

function keptByDefault(): string {
  return isPacked ? path.resolve('node_modules/.cache/fanfare') : path.join(SOURCES, '.local', 'bundles');
}
