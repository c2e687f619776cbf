/** Checks a tarball before it may be published. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { runTool } from './run-tool.ts';

/** @returns the complaints of `publint` about the tarball. */
export async function publintFindings(tarball: string): Promise<string> {
  return failureOf(runTool('publint', ['run', tarball, '--strict']));
}

/**
 * @param profile `esm-only`: as ES modules under `node16` and bundlers find the types. `strict`: also as CommonJS does, and TypeScript's old
 *   way, which `ts-node` in projects of the CDK uses.
 * @returns the complaints of `@arethetypeswrong/cli` about the types.
 */
export async function typesFindings(
  tarball: string,
  profile: 'esm-only' | 'strict' = 'esm-only',
): Promise<string> {
  return failureOf(runTool('attw', [tarball, '--profile', profile, '--no-emoji', '--no-color']));
}

async function failureOf(run: Promise<string>): Promise<string> {
  return run.then(
    () => '',
    (error: Error) => error.message,
  );
}

/** Over the wire, each without the others. Bytes. */
export const MOST_BYTES: ReadonlyMap<string, number> = new Map([
  ['index', 6.5 * 1024],
  // With the core, because it has a `connect`.
  ['actions', 7.25 * 1024],
  ['bytes', 1024],
  ['edits', 2 * 1024],
  // With the core, and the way of large commands by HTTP.
  ['fallback', 11 * 1024],
  ['history', 2 * 1024],
  ['inbox', 2 * 1024],
  ['presence', 2 * 1024],
  ['react', 6.5 * 1024],
  ['server', 13.5 * 1024],
  ['values', 3 * 1024],
  ['fanfare-client', 15.5 * 1024],
]);

/** @returns a sentence for each module that is larger than it may be, or that has no limit. */
export function sizeFindings(
  measured: ReadonlyMap<string, number>,
  most: ReadonlyMap<string, number> = MOST_BYTES,
): string[] {
  return [...measured].flatMap(([name, bytes]) => {
    const limit = most.get(name);
    if (limit === undefined) return [`${name} has no limit of bytes.`];
    return bytes > limit ? [`${name} has ${bytes} bytes gzipped, and may have ${limit}.`] : [];
  });
}

/**
 * @param built The folder of the modules, in a package that is installed or built.
 * @returns bytes over the wire of each door, as a page loads it that uses no other, and of the one file for pages.
 */
export async function sizes(built: string, doors: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const measured = doors.map(async (door) => {
    const { outputFiles } = await build({
      entryPoints: [path.join(built, `${door}.js`)],
      bundle: true,
      external: ['react'],
      minify: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      write: false,
      // Modules that share code import all of it, and the bundler says of each such import that it does nothing.
      logLevel: 'error',
    });
    return [door, gzippedBytes(outputFiles[0]?.contents ?? new Uint8Array())] as const;
  });
  const page = gzippedBytes(await readFile(path.join(built, 'fanfare-client.js')));
  return new Map([...(await Promise.all(measured)), ['fanfare-client', page]]);
}

const gzippedBytes = (code: Uint8Array) => gzipSync(code, { level: 9 }).length;
