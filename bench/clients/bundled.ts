/** Bundles a client as a page loads it, with what it takes to follow a channel. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { folderOfPeer } from './installed.ts';
import type { Peer } from './peer.ts';

export interface Size {
  readonly minified: number;
  readonly gzipped: number;
}

/** With the settings of `bin/packages/check.ts`. */
export async function bundle(peer: Peer): Promise<Size> {
  const { outputFiles } = await build({
    stdin: { contents: peer.entry, resolveDir: folderOfPeer(peer) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  await writeFile(fileOf(peer), code);
  return { minified: code.length, gzipped: gzipSync(code, { level: 9 }).length };
}

const fileOf = (peer: Peer) => path.join(folderOfPeer(peer), 'bundle.mjs');

/** The module that `bundle` wrote. */
export async function bundledModule(peer: Peer): Promise<unknown> {
  return import(pathToFileURL(fileOf(peer)).href);
}
