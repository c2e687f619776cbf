/** What a tarball has to be before it may be published. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { runTool } from './run-tool.ts';

/** @returns what `publint` has against the tarball. */
export async function publintFindings(tarball: string): Promise<string> {
  return failureOf(runTool('publint', ['run', tarball, '--strict']));
}

/** @returns what `@arethetypeswrong/cli` has against the types: as `node16` finds them from ES modules, and bundlers. */
export async function typesFindings(tarball: string): Promise<string> {
  return failureOf(runTool('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color']));
}

async function failureOf(run: Promise<string>): Promise<string> {
  return run.then(
    () => '',
    (error: Error) => error.message,
  );
}

/** Bytes over the wire of each door, as a page loads it that uses no other, and of the one file for pages. */
export async function sizes(built: string, doors: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const measured = doors.map(async (door) => {
    const { outputFiles } = await build({
      entryPoints: [path.join(built, `${door}.js`)],
      bundle: true,
      logLevel: 'error',
      external: ['react'],
      minify: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      write: false,
    });
    return [door, gzippedBytes(outputFiles[0]?.contents ?? new Uint8Array())] as const;
  });
  const page = gzippedBytes(await readFile(path.join(built, 'fanfare-client.js')));
  return new Map([...(await Promise.all(measured)), ['fanfare-client', page]]);
}

const gzippedBytes = (code: Uint8Array) => gzipSync(code, { level: 9 }).length;
