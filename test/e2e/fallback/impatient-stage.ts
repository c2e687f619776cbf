/** A runtime for tests that wait for the end of sessions over HTTP: streams, leases and the room at an address are small. */

import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { assemblyWithOwn } from '../../kept-assembly.ts';
import { type Runtime, startRuntime } from '../../runtime.ts';
import { synthesizedWith } from '../synthesized-with.ts';

export interface Shortened {
  readonly streamSeconds?: number;
  readonly clockSkewSeconds?: number;
  /** A session that is not renewed is over after this. */
  readonly leaseSeconds?: number;
  readonly sessionsPerAddress?: number;
}

export async function startImpatientRuntime(shortened: Shortened): Promise<Runtime> {
  const { streamSeconds, clockSkewSeconds, leaseSeconds, sessionsPerAddress } = shortened;
  // Variables of functions: another template needs no synthesis.
  const variables = Object.entries({
    CLOCK_SKEW: clockSkewSeconds,
    STREAM_SECONDS: streamSeconds,
    SESSIONS_PER_ADDRESS: sessionsPerAddress,
  }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const assemble = async (outdir: string) => {
    const assembly = await synthesizedWith(Object.fromEntries(variables));
    if (leaseSeconds === undefined) return assembly;
    return assemblyWithOwn(assembly, { names: ['fallback'], outdir, plugins: [shortLeases(leaseSeconds)] });
  };
  return startRuntime({ assemble });
}

/** The function of the fallback as it is, but for how long a session lives without a word of its client. */
const shortLeases = (seconds: number): Plugin => ({
  name: 'short leases',
  setup(build) {
    build.onLoad({ filter: /protocol\/src\/limits\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const shortened = source.replace(/(HTTP_SESSION_LEASE_MS =)[^;]+/, `$1 ${seconds} * SECOND`);
      if (shortened === source) throw new Error('There is no lease to shorten');
      return { contents: shortened, loader: 'ts' };
    });
  },
});
