/** Each test file runs in one project, by what it loads. */

import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyFolder } from '../local/empty-folder.ts';
import { ImportGraph } from './import-graph.ts';
import { filesByKind, filesWithCounts, kindOf } from './kinds.ts';
import { SLOW_FILES } from './slow-files.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the kinds of test files', () => {
  const files = filesByKind(ROOT);

  it('together are all test files, each once', async () => {
    const names = await readdir(path.join(ROOT, 'test'), { recursive: true });
    const all = names.filter((name) => name.endsWith('.test.ts')).map((name) => `test/${name}`);

    expect([...files.alone, ...files.runtime, ...files.stacks, ...files.shared].sort()).toEqual(all.sort());
  });

  it('give most files without a runtime a shared process', () => {
    expect(files.shared.length).toBeGreaterThan(200);
    expect(files.shared).toContain('test/protocol/json.test.ts');
  });

  it('give files that load the CDK a process that has loaded it', () => {
    expect(files.stacks).toContain('test/lib/permissions.test.ts');
  });

  it('give files that start a runtime a process that has loaded it', () => {
    expect(files.runtime).toContain('test/e2e/ping.test.ts');
    expect(files.runtime).toContain('test/e2e/presence/presence.test.ts');
    expect(files.runtime).toContain('test/local/runtime.test.ts');
  });

  it('give files that mock a module a process of their own', () => {
    expect(files.alone).toContain('test/lambdas/aws/poster-timeouts.test.ts');
  });

  it('give files with pages the process of a runtime, in which they share a browser', () => {
    expect(files.runtime).toContain('test/console/console.test.ts');
    expect(files.runtime).toContain('test/examples/chat.test.ts');
  });

  it('know the files that make more tries in a long run', () => {
    const long = filesWithCounts(ROOT);

    expect(long).toContain('test/fuzz/fuzz.test.ts');
    expect(long).toContain('test/exploration/log.exploration.test.ts');
    expect(long).not.toContain('test/protocol/channel.test.ts');
  });
});

describe('the table of slow files', () => {
  it('names files that exist', () => {
    const names = Object.keys(SLOW_FILES);

    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
  });
});

describe('the kind of a file', () => {
  let root: string;
  const write = async (name: string, text: string) => {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  };
  const kind = () => kindOf('test/one.test.ts', new ImportGraph(root));

  beforeEach(async () => {
    root = await emptyFolder();
  });

  it('is shared if it changes nothing of its process', async () => {
    await write('test/one.test.ts', "import { it } from 'vitest';\n");

    expect(kind()).toBe('shared');
  });

  it('is alone if a file that it imports changes the process', async () => {
    await write('test/one.test.ts', "import { a } from './a.ts';\n");
    await write('test/a.ts', "export * from './b.ts';\n");
    await write('test/b.ts', 'export const b = () => vi.useFakeTimers();\n');

    expect(kind()).toBe('alone');
  });

  it('is runtime if a file that it imports starts one, though it also starts programs', async () => {
    await write(
      'test/one.test.ts',
      "import { a } from './a.ts';\nimport { spawn } from 'node:child_process';\n",
    );
    await write('test/a.ts', 'export const a = () => startRuntime();\n');

    expect(kind()).toBe('runtime');
  });

  it.each([
    ['sets a variable', "process.env['A'] = '1';"],
    ['sets a variable by its name', "process.env.A = '1';"],
    ['takes a variable away', 'delete process.env.A;'],
    ['sets several', 'Object.assign(process.env, {});'],
    ['starts a program', "import { spawn } from 'node:child_process';"],
  ])('is alone if it %s', async (_what, line) => {
    await write('test/one.test.ts', `${line}\n`);

    expect(kind()).toBe('alone');
  });

  it('is shared if it reads a variable, or compares one', async () => {
    await write('test/one.test.ts', "export const isA = process.env['A'] === '1' || process.env.B;\n");

    expect(kind()).toBe('shared');
  });

  it('is alone if a file that it imports adds hooks, which a shared process would add only once', async () => {
    await write('test/one.test.ts', "import { a } from './a.ts';\n");
    await write('test/a.ts', 'export const a = 1;\nbeforeEach(() => {});\n');

    expect(kind()).toBe('alone');
  });

  it('is shared if it adds hooks itself', async () => {
    await write('test/one.test.ts', 'beforeEach(() => {});\n');

    expect(kind()).toBe('shared');
  });

  it('is stacks if a source that it imports loads the CDK', async () => {
    await write('test/one.test.ts', "import { a } from '../lib/a.ts';\n");
    await write('lib/a.ts', "import {\n  Stack,\n} from 'aws-cdk-lib';\nexport const a = Stack;\n");

    expect(kind()).toBe('stacks');
  });

  it('is not changed by an import of types, which loads nothing', async () => {
    await write('test/one.test.ts', "import type { A } from '../lib/a.ts';\n");
    await write('lib/a.ts', "import { Stack } from 'aws-cdk-lib';\nexport type A = Stack;\n");

    expect(kind()).toBe('shared');
  });

  it('is found for files that import each other', async () => {
    await write('test/one.test.ts', "import { a } from './a.ts';\n");
    await write('test/a.ts', "import { b } from './b.ts';\n");
    await write('test/b.ts', "import { a } from './a.ts';\n");

    expect(kind()).toBe('shared');
  });
});
