/**
 * Puts `fanfare-local` together: each source file compiled by itself and in its place, because threads and functions are loaded
 * by a URL beside the file that names them.
 */

import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { emit, relocated, writeEmitted } from './emitted.ts';

export async function buildLocal(source: string, built: string): Promise<void> {
  const outdir = path.join(built, '.emitted');
  await emit(source, outdir);
  const names = await readdir(outdir, { recursive: true });
  for (const emitted of names.filter((name) => /\.m?js$/.test(name)))
    await writeEmitted(built, await relocated(outdir, emitted.replaceAll(path.sep, '/'), 'local', '.js'));
  await rm(outdir, { recursive: true });
}
