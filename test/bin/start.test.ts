import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { START_USAGE } from '../../bin/start-usage.ts';
import manifest from '../../package.json' with { type: 'json' };
import { NODE_FLAGS } from '../../packages/local/bin/node-flags.mjs';

const run = promisify(execFile);

/** `npm start` without npm. */
const start = (...flags: string[]) => run(process.execPath, ['--import', 'tsx', 'bin/start.ts', ...flags]);

describe('npm start', () => {
  it('runs Node.js as `npx fanfare-local` does', () => {
    const [program, ...given] = manifest.scripts.start.split(' ');

    expect(program).toBe('node');
    expect(given.slice(0, given.indexOf('--import'))).toEqual(NODE_FLAGS);
  });

  it('shows its flags with --help', async () => {
    expect(await start('--help')).toEqual({ stdout: `${START_USAGE}\n`, stderr: '' });
  });

  it('fails with one sentence about a mistake, without a stack trace', async () => {
    await expect(start('--port', 'http')).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: '--port takes a whole number from 0 to 65535; got "http".\n',
    });
  });
});
