/** What a person at a terminal sees of `npm start`. */

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Client } from '../local/client.ts';
import { emptyFolder } from '../local/empty-folder.ts';
import { interruptAt, READY, start, startAndRead, startInVain } from './start-process.ts';

const ANY_PORT = ['--port', '0'];

describe('npm start', () => {
  it('says in one line of JSON where everything is, once it is there', async () => {
    const { ready, interrupt } = await start(ANY_PORT);

    const client = await Client.open(ready.websocket);
    expect(await client.ask({ action: 'ping' })).toEqual({ event: 'pong' });
    expect((await fetch(ready.console)).status).toBe(200);
    expect((await fetch(ready.http)).status).toBe(426);
    expect(ready.tables).toHaveLength(12);
    await interrupt();
  });

  it('prints one link to open, and nothing of its progress on a pipe', async () => {
    const { stdout, stderr } = await startAndRead();

    expect(stderr).toBe('');
    expect(stdout.match(/http:\/\/localhost:\d+\/(?=\s)/g)).toHaveLength(1);
    expect(stdout).toMatch(/^ {2}Open http:\/\/localhost:\d+\/$/m);
    expect(stdout).toMatch(/^ {2}WebSocket +ws:\/\/localhost:\d+\/local$/m);
  });

  it('serves the root as well as the stage', async () => {
    const { ready, interrupt } = await start(ANY_PORT);

    const client = await Client.open(new URL('/', ready.websocket).href);
    expect(await client.ask({ action: 'ping' })).toEqual({ event: 'pong' });
    await interrupt();
  });

  it('ends on Ctrl-C with clients connected, and leaves nothing behind', async () => {
    const temporary = await mkdtemp(path.join(tmpdir(), 'start-'));
    const workFolders = async () => (await readdir(temporary)).filter((name) => name.startsWith('fanfare-'));
    const { ready, interrupt } = await start(ANY_PORT, { TMPDIR: temporary });
    const client = await Client.open(ready.websocket);
    await client.ask({ action: 'subscribe', channel: 'open:a' });
    expect(await workFolders()).toHaveLength(1);

    expect(await interrupt()).toBe(0);

    expect(await client.closed).toMatchObject({ code: 1006 });
    expect(await workFolders()).toEqual([]);
    await rm(temporary, { recursive: true });
  });

  describe('that is interrupted', () => {
    it.each(['Loading', 'Synthesizing', 'Starting DynamoDB', 'Creating', 'Opening the port', READY])(
      'at %s ends with status 0 and without a word, and leaves nothing behind',
      async (step) => {
        const temporary = await emptyFolder();
        const { code, steps, stderr } = await interruptAt(step, { TMPDIR: temporary });

        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        if (step !== READY) expect(steps).toContainEqual(expect.stringContaining(step));
        expect((await readdir(temporary)).filter((name) => name.startsWith('fanfare-'))).toEqual([]);
      },
    );

    it.each([
      ['twice', ['SIGINT', 'SIGINT']],
      ['by SIGTERM', ['SIGTERM']],
      ['by the end of its terminal', ['SIGHUP']],
    ] as const)('%s ends in the same way', async (_how, signals) => {
      const temporary = await emptyFolder();
      const { code, stderr } = await interruptAt('Synthesizing', { TMPDIR: temporary }, signals);

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect((await readdir(temporary)).filter((name) => name.startsWith('fanfare-'))).toEqual([]);
    });

    it('while functions are built leaves no half of a build', async () => {
      const temporary = await emptyFolder();
      // Nothing is kept there yet, so that there is something to build.
      const { code, steps } = await interruptAt('Building', {
        TMPDIR: temporary,
        FANFARE_BUNDLES: path.join(temporary, 'bundles'),
      });

      expect([code, steps.at(-1)]).toEqual([0, expect.stringMatching(/^Building \d+ functions$/)]);
      expect(await readdir(path.join(temporary, 'bundles')).catch(() => [])).toEqual([]);
    });
  });

  it('prints the bill at the end if it was asked to', async () => {
    const { ready, lines, interrupt } = await start([...ANY_PORT, '--bill']);
    const client = await Client.open(ready.websocket);
    await client.ask({ action: 'ping' });

    await interrupt();

    expect(lines.filter((line) => /ping, (in|out) /.test(line))).toEqual([
      expect.stringMatching(/WebSocket messages +ping, in +1 +1 x 32 KB +0\.000001$/),
      expect.stringMatching(/WebSocket messages +ping, out +1 +1 x 32 KB +0\.000001$/),
    ]);
  });

  it('says in a sentence that the port is in use', async () => {
    const { ready, interrupt } = await start(ANY_PORT);
    const { port } = new URL(ready.websocket);

    expect(await startInVain(['--port', port])).toEqual({
      code: 1,
      output: `Port ${port} is in use; choose another with --port, or any free one with --port 0.\n`,
    });
    await interrupt();
  });

  it('says in a sentence what a flag takes', async () => {
    expect(await startInVain(['--port', 'http'])).toEqual({
      code: 1,
      output: '--port takes a whole number from 0 to 65535; got "http".\n',
    });
  });
});
