/** `fanfare-local` as other projects get it: packed, unpacked beside its dependencies, and started in the folder of a foreign app. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { buildPackage, type Packed, packPackage } from '../../bin/packages/build.ts';
import { publintFindings } from '../../bin/packages/check.ts';
import { runProgram } from '../../bin/packages/run-tool.ts';
import { LOCAL_USAGE } from '../../packages/local/bin/cli-options.ts';
import { appFolder, COMMAND } from '../e2e/apps/serve-app.ts';
import { recordProcess } from '../leaks/evidence.ts';
import { Client } from '../local/client.ts';
import { ConsumerFolder } from './consumer-folder.ts';
import { nodeVersions } from './node-versions.ts';

/** The packages that the app and its functions need, as its developer has installed them. */
const OF_THE_APP = ['aws-cdk-lib', 'constructs', 'tsx', '@aws-sdk', '@smithy'];

const readyLine = v.object({ outputs: v.object({ Url: v.string() }) });
const manifest = v.object({ dependencies: v.record(v.string(), v.string()) });

const versions = [...(await nodeVersions())];

let built: string;
let tools: ConsumerFolder;
let app: ConsumerFolder;
let packed: Packed;
let launcher: string;

beforeAll(async () => {
  built = await mkdtemp(path.join(tmpdir(), 'fanfare-local-'));
  [tools, app] = await Promise.all([
    ConsumerFolder.create(),
    ConsumerFolder.create(),
    buildPackage('fanfare-local', built),
  ]);
  packed = await packPackage(built, tools.path);
  const folder = await tools.unpack('fanfare-local', packed.tarball);
  launcher = path.join(folder, 'bin/fanfare-local.mjs');
  const { dependencies } = v.parse(
    manifest,
    JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')),
  );
  for (const name of Object.keys(dependencies)) await tools.link(name);
  for (const name of OF_THE_APP) await app.link(name);
  await app.copy(appFolder('chat'), 'chat');
});

afterAll(async () => {
  await Promise.all([tools.remove(), app.remove(), rm(built, { recursive: true })]);
});

it('is JavaScript only, and names no condition that leads to a file which is not in it', async () => {
  process.stdout.write(
    `fanfare-local: ${packed.size} bytes packed, ${packed.unpackedSize} unpacked, ${packed.files.length} files.\n`,
  );

  expect(packed.files.filter((file) => !/\.m?js$|\.md$|^LICENSE$|^package\.json$/.test(file))).toEqual([]);
  expect(packed.files).toEqual(expect.arrayContaining(['bin/fanfare-local.mjs', 'LICENSE', 'README.md']));
  expect(await readFile(path.join(built, 'package.json'), 'utf8')).not.toContain('fanfare-source');
});

it('passes publint', async () => {
  expect(await publintFindings(packed.tarball)).toBe('');
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
