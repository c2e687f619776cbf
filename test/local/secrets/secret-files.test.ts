import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LOCAL_SECRETS } from '../../../bin/local-secrets.ts';
import { keptSecret } from '../../../packages/local/src/secrets/secret-files.ts';
import { StartError } from '../../../packages/local/src/start-error.ts';

/** A folder that is not there yet, for one test. */
async function newFolder(): Promise<string> {
  const parent = await mkdtemp(path.join(tmpdir(), 'fanfare-secrets-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  return path.join(parent, 'deep', 'secrets');
}

const permissionsOf = async (file: string) => (await stat(file)).mode & 0o777;

describe('a kept secret', () => {
  it('is generated once, and read from then on', async () => {
    const folder = await newFolder();
    const first = await keptSecret(folder, 'Token', () => 'first');

    expect([first, await keptSecret(folder, 'Token', () => 'second')]).toEqual(['first', 'first']);
  });

  it('is the whole content of its file', async () => {
    const folder = await newFolder();
    await keptSecret(folder, 'Token', () => 'größer\n');

    expect(await readdir(folder)).toEqual(['Token']);
    expect(await readFile(path.join(folder, 'Token'), 'utf8')).toBe('größer\n');
  });

  it.skipIf(process.platform === 'win32')('can be read by its owner only', async () => {
    const folder = await newFolder();
    await keptSecret(folder, 'Token', () => 'secret');

    expect(await permissionsOf(folder)).toBe(0o700);
    expect(await permissionsOf(path.join(folder, 'Token'))).toBe(0o600);
  });

  it.each(['../Token', '..', '.', '/etc/passwd', 'a\\b', 'a:b', 'größe', '🔑', 'C:', '%2f'])(
    'stays in its folder under the name %j',
    async (name) => {
      const folder = await newFolder();
      await keptSecret(folder, name, () => 'secret');

      expect(await readdir(folder)).toEqual([expect.stringMatching(/^[\w%-]+$/)]);
      expect(await readdir(path.dirname(folder))).toEqual([path.basename(folder)]);
    },
  );

  it('differs for every name', async () => {
    const folder = await newFolder();
    const names = ['a/b', 'a_b', 'a-b', 'a%2fb', 'a.b', 'ab'];
    for (const name of names) await keptSecret(folder, name, () => `of ${name}`);
    const read = await Promise.all(names.map((name) => keptSecret(folder, name, () => 'new')));

    expect(read).toEqual(names.map((name) => `of ${name}`));
  });

  it('is the same for all callers that ask at once', async () => {
    const folder = await newFolder();
    const ask = (_: unknown, asker: number) => keptSecret(folder, 'Token', () => `by ${asker}`);
    const secrets = await Promise.all(Array.from({ length: 50 }, ask));

    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(folder)).toEqual(['Token']);
  });

  it('is the same for processes that ask at once', async () => {
    const folder = await newFolder();
    const asker = new URL('./ask-for-secret.ts', import.meta.url);
    const processes = [1, 2, 3].map(() => fork(asker, [folder], { execArgv: ['--import', 'tsx'] }));
    // All processes are loaded before the first of them goes on.
    await Promise.all(processes.map((process) => once(process, 'message')));
    const answers = processes.map((process) => once(process, 'message'));
    for (const process of processes) process.send('go');
    const secrets = (await Promise.all(answers)).map(([secret]) => secret);

    expect(secrets).toEqual(secrets.map(() => expect.stringMatching(/^by \d+$/)));
    expect(new Set(secrets).size).toBe(1);
  });

  it('is never empty, because an empty key is refused', async () => {
    const folder = await newFolder();
    await keptSecret(folder, 'Token', () => 'secret');
    const file = path.join(folder, 'Token');
    await writeFile(file, '');

    await expect(keptSecret(folder, 'Token', () => 'new')).rejects.toThrow(
      new StartError(`The secret in ${file} is empty; delete the file, and a new one is made.`),
    );
  });

  it('causes an error without its text if it cannot be written', async () => {
    const folder = await newFolder();
    await keptSecret(folder, 'Token', () => 'first');
    const inFile = path.join(folder, 'Token', 'below');
    const problem: unknown = await keptSecret(inFile, 'Token', () => 'hunter2').catch((error) => error);

    expect(problem).toBeInstanceOf(Error);
    expect(String(problem instanceof Error && problem.stack)).not.toContain('hunter2');
  });

  it('of the local stage is in a folder that git ignores', async () => {
    const root = new URL('../../../', import.meta.url);
    const ignored = await readFile(new URL('.gitignore', root), 'utf8');

    expect(LOCAL_SECRETS).toBe(path.join(fileURLToPath(root), '.local', 'secrets'));
    expect(ignored.split('\n')).toContain('.local/');
  });
});
