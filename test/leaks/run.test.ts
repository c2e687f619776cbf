/** A run of the tests fails when something leaks; seen from outside. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

const vitest = path.join(
  path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
);
const CONFIG = 'test/leaks/planted/vitest.config.ts';

/** The exit code of a run of some planted tests, and its last lines. */
async function run(...files: string[]) {
  // The logs of a run that failed are kept.
  const TMPDIR = await mkdtemp(path.join(tmpdir(), 'planted-'));
  onTestFinished(() => rm(TMPDIR, { recursive: true }));
  const child = spawn(process.execPath, [vitest, 'run', '--config', CONFIG, ...files], {
    env: { ...process.env, TMPDIR },
  });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  const [output, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return {
    code: await exited,
    output: stripVTControlCharacters(output),
    fault: /Error: (.*)/.exec(problems)?.[1] ?? '',
  };
}

describe('a run of the tests', () => {
  it.each([
    { printed: 'to the console of a test', file: 'console', log: 'tests.log' },
    { printed: 'to the output of a test', file: 'output', log: 'tests.log' },
    { printed: 'by a function', file: 'function', log: 'functions.log' },
    { printed: 'by a process', file: 'process', log: 'processes.log' },
  ])(
    'fails when a secret is printed $printed, and names the place but not the secret',
    async ({ file, log }) => {
      const { code, output, fault } = await run(`${file}.planted.ts`);

      expect(output).toMatch(/Tests +1 passed/);
      expect(code).toBe(1);
      expect(fault).toMatch(/^Tokens or secrets are in \d+ lines of the logs in /);
      expect(fault).toMatch(new RegExp(`\\b${log}:\\d+`));
      expect(fault).not.toContain('planted-in');
    },
  );

  it('passes when no secret is printed', async () => {
    const { code, fault } = await run('harmless.planted.ts');

    expect({ code, fault }).toEqual({ code: 0, fault: '' });
  });
});
