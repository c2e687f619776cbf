/** A token of the command line is good for the runtime of `npm start`, with exactly the named rights. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_SECRETS } from '../../../bin/local-secrets.ts';
import { recordOutput, recordSecret } from '../../leaks/evidence.ts';
import { type Runtime, startRuntime } from '../../runtime.ts';
import { Conversation } from './conversation.ts';

const cwd = fileURLToPath(new URL('../../..', import.meta.url));

/** The output of `npm run -s token` with these flags. */
async function printedToken(...flags: readonly string[]): Promise<string> {
  const command = promisify(execFile)('npm', ['run', '-s', 'token', '--', ...flags], { cwd });
  const { stdout, stderr } = await command;
  recordSecret(stdout.trim());
  recordOutput('processes', stderr);
  return stdout;
}

describe('npm run -s token', () => {
  let runtime: Runtime;

  beforeAll(async () => {
    runtime = await startRuntime({ secretsFolder: LOCAL_SECRETS });
  });

  afterAll(() => runtime.close());

  it('prints a token, which is good for its user and its channels', async () => {
    const printed = await printedToken('--user', 'ann', '--channel', 'chat:*=subscribe,publish');
    expect(printed).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);

    const ann = await Conversation.open(runtime.urls.websocket, printed.trim());
    const replies = await ann.askAll([
      { action: 'subscribe', channel: 'chat:room' },
      { action: 'publish', channel: 'chat:room', data: 'hello' },
      { action: 'members', channel: 'chat:room' },
      { action: 'publish', channel: 'live:cursors', data: 1 },
      { action: 'subscribe', channel: '@user:ann' },
      { action: 'subscribe', channel: '@user:bob' },
    ]);

    expect(replies).toMatchObject([
      { event: 'subscribed' },
      { event: 'published' },
      { code: 'forbidden' },
      { code: 'forbidden' },
      // The token names other channels, and not the inbox.
      { code: 'forbidden' },
      { code: 'forbidden' },
    ]);
    expect(await ann.nextMessage()).toMatchObject({ channel: 'chat:room', data: 'hello', from: 'ann' });
    ann.client.kill();
  });
});
