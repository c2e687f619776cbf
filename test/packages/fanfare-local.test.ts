/** `fanfare-local` as other projects get it: packed, unpacked beside its dependencies, and started in the folder of a foreign app. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { apiOf, changedReports } from '../../bin/packages/api-report.ts';
import { publintFindings, typesFindings } from '../../bin/packages/check.ts';
import type { Packed } from '../../bin/packages/pack.ts';
import { runProgram, runTool } from '../../bin/packages/run-tool.ts';
import { LOCAL_USAGE } from '../../packages/local/bin/cli-options.ts';
import { blocksOf } from '../docs/snippets/blocks.ts';
import { appFolder, COMMAND } from '../e2e/apps/serve-app.ts';
import { recordProcess } from '../leaks/evidence.ts';
import { Client } from '../local/client.ts';
import { ConsumerFolder } from './consumer-folder.ts';
import { filesNamedIn } from './named-files.ts';
import { nodeVersions } from './node-versions.ts';
import { packedOnce, unpackedOnce } from './packed.ts';

/** The packages that the app and its functions need, as its developer has installed them. */
const OF_THE_APP = ['aws-cdk-lib', 'constructs', 'tsx', '@aws-sdk', '@smithy'];

const STRICT = {
  target: 'es2022',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  noEmit: true,
};

const readyLine = v.object({ outputs: v.object({ Url: v.string() }) });
const manifest = v.object({ dependencies: v.record(v.string(), v.string()) });

const versions = [...(await nodeVersions())];

/** The package in the folder of its user. */
let installed: string;
let tools: ConsumerFolder;
let app: ConsumerFolder;
let packed: Packed;
let launcher: string;

beforeAll(async () => {
  [tools, app] = await Promise.all([ConsumerFolder.create(), ConsumerFolder.create()]);
  packed = await packedOnce('fanfare-local');
  installed = await tools.unpack('fanfare-local', packed.tarball);
  launcher = path.join(installed, 'bin/fanfare-local.mjs');
  const { dependencies } = v.parse(
    manifest,
    JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8')),
  );
  for (const name of Object.keys(dependencies)) await tools.link(name);
  for (const name of OF_THE_APP) await app.link(name);
  await app.copy(appFolder('chat'), 'chat');
});

afterAll(async () => {
  await Promise.all([tools.remove(), app.remove()]);
});

it('has no sources, and names no file that is not in it', async () => {
  process.stdout.write(
    `fanfare-local: ${packed.size} bytes packed, ${packed.unpackedSize} unpacked, ${packed.files.length} files.\n`,
  );

  expect(packed.files.filter((file) => !/^dist\/.+(\.m?js|\.d\.m?ts)$/.test(file)).toSorted()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin/fanfare-local.mjs',
    'bin/node-flags.mjs',
    'package.json',
  ]);
  const named = filesNamedIn(await readFile(path.join(installed, 'package.json'), 'utf8'));
  expect(named).toContain('bin/fanfare-local.mjs');
  expect(named.filter((file) => !packed.files.includes(file))).toEqual([]);
});

it('passes publint', async () => {
  expect(await publintFindings(packed.tarball)).toBe('');
});

it('has types for every way in which modules are found', async () => {
  expect(await typesFindings(packed.tarball)).toBe('');
});

it('has the public API that packages/local/api reports (`npm run build` writes it)', async () => {
  expect(
    await changedReports({ ...apiOf('fanfare-local'), folder: await unpackedOnce('fanfare-local') }, false),
  ).toEqual([]);
});

it('has types of all doors that a strict program understands', async () => {
  await tools.link('@types/node');
  await tools.copy(path.join(import.meta.dirname, 'consumer/local.ts'), 'local.ts');
  const compilerOptions = { ...STRICT, lib: ['es2022'], types: ['node'] };
  await tools.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['local.ts'] }));

  await expect(runTool('tsc', ['-p', 'tsconfig.json'], tools.path)).resolves.toBe('');
});

it('runs the program in its README, in the folder of an app', async () => {
  const blocks = blocksOf('README.md', await readFile(path.join(installed, 'README.md'), 'utf8'));
  const { code = '' } = blocks.find(({ language }) => language === 'js') ?? {};
  expect(code).toContain("'npx tsx bin/app.ts'");
  const program = await tools.write('program.js', code.replace('npx tsx bin/app.ts', COMMAND));

  expect(await runProgram(process.execPath, [program], path.join(app.path, 'chat'))).toMatch(
    /^\{\s*Url: 'ws:/,
  );
});

it('shows its flags', async () => {
  expect(await runProgram(process.execPath, [launcher, '--help'], app.path)).toBe(`${LOCAL_USAGE}\n`);
});

it.each(versions)('on Node.js %s serves an app that does not know the command', async (_version, node) => {
  const args = [launcher, '--app', COMMAND, '--json', '--port', '0'];
  const child = spawn(node, args, { cwd: path.join(app.path, 'chat'), stdio: ['ignore', 'pipe', 'inherit'] });
  recordProcess(child);
  onTestFinished(() => void child.kill('SIGTERM'));
  const [line] = await once(createInterface(child.stdout), 'line');
  const { outputs } = v.parse(readyLine, JSON.parse(line));
  const [ann, bob] = await Promise.all([
    Client.open(`${outputs.Url}?user=ann&room=red`),
    Client.open(`${outputs.Url}?user=bob&room=red`),
  ]);
  ann.send({ action: 'sendmessage', room: 'red', data: 'hello' });

  expect(await bob.next()).toEqual({ from: 'ann', data: 'hello' });
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
