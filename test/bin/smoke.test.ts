/** `npm run -s smoke` as a process, and its exit code. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SMOKE_USAGE } from '../../smoke/options.ts';
import { emptyFolder } from '../local/empty-folder.ts';
import { listenOnLoopback } from '../loopback.ts';
import { runHere, runProgram } from './run-command.ts';

describe('the smoke command', () => {
  it('prints its flags and ends with 0', async () => {
    expect(await runHere('smoke', ['--help'])).toEqual({
      code: 0,
      stdout: `${SMOKE_USAGE}\n`,
      stderr: '',
    });
  });

  it('prints its flags and ends with 1 without a stage', async () => {
    expect(await runHere('smoke', [])).toEqual({ code: 1, stdout: '', stderr: `${SMOKE_USAGE}\n` });
  });

  it('ends with 1 and a sentence if no local runtime answers', async () => {
    // Nothing listens there. Another program may take a port that was free a moment ago.
    const url = 'ws://localhost:1/local';

    expect(await runHere('smoke', ['--url', url])).toEqual({
      code: 1,
      stdout: '',
      stderr: `No local runtime answers at ${url}: start it, and name the URL that it prints.\n`,
    });
  });

  it('ends with 1 for a stage that lets no client in, names the facts that failed, and writes the file', async () => {
    const { port, close } = await listenOnLoopback((_request, response) => {
      response.writeHead(200, { connection: 'close' }).end('{"SecretString":"a secret of no stage"}');
    });
    onTestFinished(close);
    const json = path.join(await emptyFolder(), 'seen.json');
    const url = `ws://localhost:${port}/local`;

    const { code, stdout } = await runProgram('smoke', ['--url', url, '--group', 'ping', '--json', json]);

    expect(code).toBe(1);
    expect(stdout).toContain('local failed: ping/pong, ping/no-function, ping/in-array, ping/unbilled');
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
      verdict: 'failed',
      counts: { passed: 0, failed: 4, skipped: 0 },
    });
  });
});
