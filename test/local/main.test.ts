import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { USAGE } from '../../local/options.ts';

const run = promisify(execFile);

/** `npm start` without npm. */
const start = (...flags: string[]) => run(process.execPath, ['--import', 'tsx', 'local/main.ts', ...flags]);

describe('npm start', () => {
  it('shows its flags with --help', async () => {
    expect(await start('--help')).toEqual({ stdout: `${USAGE}\n`, stderr: '' });
  });

  it('says a mistake in one sentence, without a stack, and fails', async () => {
    await expect(start('--port', 'http')).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: '--port takes a whole number from 0 to 65535; got "http".\n',
    });
  });
});
