/** `npm create fanfare`: what the program writes, what it refuses, and that the app it writes tests itself, from tarballs. */

import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Packed } from '../../bin/packages/pack.ts';
import { ROOT } from '../../bin/packages/places.ts';
import { runProgram } from '../../bin/packages/run-tool.ts';
import { isBrowserMissing, launchBrowser, newPage } from '../browser.ts';
import { recordProcess } from '../leaks/evidence.ts';
import { packedOnce } from '../packages/packed.ts';

const TEMPLATE = path.join(ROOT, 'packages/create-fanfare/template');

const dependencies = v.optional(v.record(v.string(), v.string()), {});
const manifest = v.object({
  name: v.string(),
  version: v.string(),
  private: v.optional(v.boolean(), false),
  dependencies,
  devDependencies: dependencies,
});

const manifestIn = async (folder: string) =>
  v.parse(manifest, JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')));

let place: string;
/** The program, unpacked from its tarball: what npm would leave out of it is missing here, too. */
let program: string;
let packed: Packed;

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'create-'));
  packed = await packedOnce('create-fanfare');
  await runProgram('tar', ['-xzf', packed.tarball, '-C', place]);
  program = path.join(place, 'package/bin/create-fanfare.mjs');
});

afterAll(() => rm(place, { recursive: true }));

const create = (...args: readonly string[]) => runProgram(process.execPath, [program, ...args], place);

/** @returns what the program prints when it fails. */
async function refusal(...args: readonly string[]): Promise<string> {
  const run = promisify(execFile)(process.execPath, [program, ...args], { cwd: place });
  const failed = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  return v.parse(v.object({ code: v.literal(1), stderr: v.string() }), failed).stderr;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).toSorted();
}

describe('the program', () => {
  it('writes every file of the template, under the name of the app, and prints the commands that follow', async () => {
    const printed = await create('red-desk');
    const app = path.join(place, 'red-desk');
    const written = await filesBelow(app);
    const texts = await Promise.all(written.map((file) => readFile(path.join(app, file), 'utf8')));

    expect(printed).toBe(
      'red-desk is in red-desk. Now run:\n\n  cd red-desk && npm install && npm test\n  npm start\n',
    );
    expect(written).toEqual(
      (await filesBelow(TEMPLATE)).map((file) => file.replace(/^gitignore$/, '.gitignore')).toSorted(),
    );
    expect(texts.join('\n')).not.toMatch(/my-app|MyApp/);
    expect((await manifestIn(app)).name).toBe('red-desk');
    expect(await readFile(path.join(app, 'bin/app.ts'), 'utf8')).toContain("'RedDesk'");
  });

  it('writes into a folder that exists and is empty', async () => {
    await mkdir(path.join(place, 'in/empty'), { recursive: true });
    await create('in/empty');

    expect((await manifestIn(path.join(place, 'in/empty'))).name).toBe('empty');
  });

  it('refuses a folder that has files in it, and writes nothing', async () => {
    const full = path.join(place, 'full');
    await mkdir(full);
    await writeFile(path.join(full, 'notes.txt'), 'mine');

    expect(await refusal('full')).toContain('has notes.txt in it. Name a folder that is empty');
    expect(await readdir(full)).toEqual(['notes.txt']);
    expect(await refusal('full/notes.txt')).toContain('"notes.txt" cannot be the name of an app');
    await writeFile(path.join(place, 'file'), '');
    expect(await refusal('file')).toContain('is a file. Name a folder');
  });

  it.each(['My-App', '1st', 'a b', 'a--b', '-a', 'a_b', 'a'.repeat(33)])(
    'refuses %j, which is no name of an app',
    async (name) => {
      expect(await refusal('--', name)).toContain('cannot be the name of an app');
    },
  );

  it('takes a name of one letter, and one of 32', async () => {
    for (const name of ['a', 'b'.repeat(32)]) await expect(create(`names/${name}`)).resolves.toContain(name);
  });

  it('says how it is used, if it is not told where to write, or gets an unknown flag', async () => {
    expect(await refusal()).toContain('npm create fanfare <folder>');
    expect(await refusal('one', 'two')).toContain('npm create fanfare <folder>');
    expect(await refusal('one', '--force')).toContain("Unknown option '--force'");
    expect(await create('--help')).toContain('npm create fanfare <folder>');
  });

  it('refuses a folder without our packages, before it writes anything', async () => {
    expect(await refusal('unpacked', '--packages', 'nowhere')).toContain('has no tarball of fanfare');
    expect(await readdir(place)).not.toContain('unpacked');
  });
});

describe('the template', () => {
  it('asks for the versions of our packages that this repository has', async () => {
    const { dependencies: used, devDependencies } = await manifestIn(TEMPLATE);
    const named: Readonly<Record<string, string>> = { ...used, ...devDependencies };
    const folders = [ROOT, path.join(ROOT, 'packages/client'), path.join(ROOT, 'packages/local')];
    const own = await Promise.all(folders.map(manifestIn));

    for (const { name, version } of own) expect([name, named[name]]).toEqual([name, `^${version}`]);
  });

  it('asks for the versions of other packages that the tests of this repository use', async () => {
    const { dependencies: used, devDependencies } = await manifestIn(TEMPLATE);
    const others = Object.entries({ ...used, ...devDependencies }).filter(
      ([name]) => !name.startsWith('fanfare'),
    );
    const root = await manifestIn(ROOT);
    const ours: Readonly<Record<string, string>> = { ...root.dependencies, ...root.devDependencies };

    expect(others.length).toBeGreaterThan(5);
    for (const [name, version] of others) expect([name, version]).toEqual([name, `^${ours[name]}`]);
  });
});

describe('the created app', () => {
  let app: string;

  beforeAll(async () => {
    const [{ tarball }] = await Promise.all([
      packedOnce('fanfare'),
      packedOnce('fanfare-client'),
      packedOnce('fanfare-local'),
    ]);
    await create('chat-desk', '--packages', path.dirname(tarball));
    app = path.join(place, 'chat-desk');
    await install(app);
  });

  it('checks its types and passes its own test', async () => {
    const printed = await runProgram('npm', ['test'], app);

    expect(printed).toContain('# pass 2');
    expect(printed).toContain('# fail 0');
  });

  it('is a stack of its own name', async () => {
    await runProgram('npx', ['cdk', 'synth', '--quiet'], app);

    expect(await readdir(path.join(app, 'cdk.out'))).toContain('ChatDesk.template.json');
  });

  it.skipIf(isBrowserMissing)(
    'starts by the printed command: its page chats and shows the refusal, and an edit of the rule holds at once',
    async () => {
      const browser = await launchBrowser();
      onTestFinished(() => browser.close());
      const page = await newPage(browser);
      const { address, said } = await started(app);
      await page.goto(address);
      await page.getByRole('status').getByText('connected').waitFor();
      const send = async (text: string) => {
        await page.getByRole('textbox', { name: 'Message' }).fill(text);
        await page.getByRole('button', { name: 'Send' }).click();
      };
      await page.getByRole('textbox', { name: 'Message' }).fill('Hello');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByRole('log').getByText('Hello', { exact: true }).waitFor();

      await page.getByRole('textbox', { name: 'Message' }).fill('x'.repeat(501));
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByRole('alert').getByText('A message is a text of at most 500 characters.').waitFor();
      expect(await page.getByRole('log').getByRole('listitem').allTextContents()).toEqual(['Hello']);

      const rule = path.join(app, 'realtime/chat.ts');
      await writeFile(rule, (await readFile(rule, 'utf8')).replace('= 500', '= 5'));
      expect(await said(/^Reloaded|^Restarted|rror/)).toBe('Reloaded.');
      await send('A longer one');
      await page.getByRole('alert').getByText('A message is a text of at most 5 characters.').waitFor();
    },
  );
});

/** As `npm install` does it with the tarballs that the app names; everything else is that of the repository. */
async function install(app: string): Promise<void> {
  const { dependencies: used, devDependencies } = await manifestIn(app);
  const own = Object.entries({ ...used, ...devDependencies }).filter(([, from]) => from.startsWith('file:'));
  const modules = path.join(app, 'node_modules');
  await mkdir(modules);
  const others = (await readdir(path.join(ROOT, 'node_modules'))).filter(
    (name) => !/fanfare|^\.(?!bin$)/.test(name),
  );
  await Promise.all(
    others.map((name) => symlink(path.join(ROOT, 'node_modules', name), path.join(modules, name))),
  );
  for (const [name, from] of own) {
    await mkdir(path.join(modules, name));
    await runProgram('tar', [
      '-xzf',
      from.slice('file:'.length),
      '--strip-components=1',
      '-C',
      path.join(modules, name),
    ]);
  }
}

/** Runs `npm start` until the test ends. */
async function started(app: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'start.ts'], {
    cwd: app,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  recordProcess(child);
  onTestFinished(() => void child.kill());
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(line));
  /** Settles with the first line of this form, of the past or the future. */
  const said = (form: RegExp) =>
    new Promise<string>((resolve) => {
      const look = () => lines.filter((line) => form.test(line)).forEach(resolve);
      output.on('line', look);
      look();
    });
  const address = (await said(/^Open /)).split(' ')[1] ?? '';
  return { address, said };
}
