/** Measures how long a function takes to load in a cold start, beside a function that only opens a table. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { functionNames, manifest } from '../lambdas/manifest/manifest.ts';
import { median } from './median.ts';
import { markdownTable, publishPage } from './report.ts';
import { BASELINE, type Bundle, buildAll } from './start-up/bundles.ts';

const run = promisify(execFile);

const ROUNDS = 15;

/** Clients wait for these two: how much longer than the baseline they may take. */
const BARS: ReadonlyMap<string, number> = new Map([
  ['connect', 1.5],
  ['default', 1.5],
]);

export async function benchStartUp(): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'fanfare-start-up-'));
  const bundles = await buildAll(directory);
  const times = await loadTimes(bundles);
  await rm(directory, { recursive: true });
  await publishPage('start-up', page(bundles, times));
}

/** Interleaved, after one round for the disk. Milliseconds. */
async function loadTimes(bundles: readonly Bundle[]): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number[]>(bundles.map(({ name }) => [name, []]));
  for (const { module } of bundles) await loadTime(module);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, module } of bundles) times.get(name)?.push(await loadTime(module));
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

async function loadTime(module: string): Promise<number> {
  const loader = fileURLToPath(new URL('./start-up/load.mjs', import.meta.url));
  const { stdout } = await run(process.execPath, [loader, module], { env: environment() });
  return Number(stdout);
}

/** Variables that need more than any text. */
const examples = new Map<string, string>([
  ['management-api', 'https://example.com/prod'],
  ['posts-per-second', '5000'],
  ['clock-skew', '5'],
  ['stream-seconds', '840'],
  ['issuers', '[]'],
  ['origins', '[]'],
]);

/** Something for every variable that any function needs. */
function environment(): NodeJS.ProcessEnv {
  const variables = functionNames.flatMap((name) => Object.entries(manifest[name].needs));
  const values = variables.map(([variable, { kind }]) => [variable, examples.get(kind) ?? 'example']);
  return { PATH: process.env['PATH'], AWS_REGION: 'eu-central-1', ...Object.fromEntries(values) };
}

function page(bundles: readonly Bundle[], times: ReadonlyMap<string, number>): string {
  const baseline = times.get(BASELINE) ?? Number.NaN;
  const rows = bundles.map(({ name, size }) => {
    const time = times.get(name) ?? Number.NaN;
    const most = BARS.get(name);
    const bar =
      most === undefined ? '' : `at most ${most}: ${time / baseline <= most ? 'met' : '**missed**'}`;
    return [name, Math.round(size / 1024), time.toFixed(1), (time / baseline).toFixed(2), bar];
  });
  return `# Start-up

What a function loads before it can handle its first event: its bundle, imported in a fresh process, the median of ${ROUNDS} interleaved
runs. The baseline imports the DynamoDB client, constructs it, and is bundled the same way. Measured on one machine, not run on
AWS; only the ratios mean something. What a function loads later, if ever, is in its size but not in its time: the pool for posts
and the management API's SDK client.

${markdownTable(['function', 'KB, minified', 'ms to load', 'beside the baseline', 'bar'], rows)}`;
}
