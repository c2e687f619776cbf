/**
 * The output of `npm start` on a terminal. A start takes four seconds of a processor, so several facts read one process. Facts that
 * `npm start` shares with `fanfare-local` are read from a small app.
 */

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../local/client.ts';
import { emptyFolder } from '../local/empty-folder.ts';
import { endlessApp, smallApp } from './small-app.ts';
import { interruptAt, type ReadyLine, start, startAndRead, startInVain } from './start-process.ts';

const workFolders = async (temporary: string) =>
  (await readdir(temporary)).filter((name) => name.startsWith('fanfare-'));

const PING = { action: 'ping' };

/** The output and the state of one process, from its first line until Ctrl-C ended it. */
interface Seen {
  readonly ready: ReadyLine;
  readonly pong: unknown;
  /** To a client that connected to the root of the WebSocket API. */
  readonly pongOfRoot: unknown;
  readonly statuses: { readonly console: number; readonly http: number };
  /** The output of another start on the same port. */
  readonly secondStart: { readonly code: number; readonly output: string };
  readonly foldersWhileRunning: readonly string[];
  readonly exitCode: number | null;
  /** How the connection ended that was open at Ctrl-C. */
  readonly closed: unknown;
  readonly foldersAfterwards: readonly string[];
  readonly lines: readonly string[];
}

async function see(temporary: string): Promise<Seen> {
  const { ready, lines, interrupt } = await start(['--port', '0', '--bill'], { TMPDIR: temporary });
  const client = await Client.open(ready.websocket);
  const pong = await client.ask(PING);
  const clientOfRoot = await Client.open(new URL('/', ready.websocket).href);
  const pongOfRoot = await clientOfRoot.ask(PING);
  await client.ask({ action: 'subscribe', channel: 'open:a' });
  const statuses = { console: (await fetch(ready.console)).status, http: (await fetch(ready.http)).status };
  const port = ['--port', new URL(ready.websocket).port];
  const secondStart = await startInVain('fanfare-local', [...(await smallApp(temporary)), ...port]);
  const foldersWhileRunning = await workFolders(temporary);
  const exitCode = await interrupt();
  const closed = await client.closed;
  const foldersAfterwards = await workFolders(temporary);
  return {
    ready,
    pong,
    pongOfRoot,
    statuses,
    secondStart,
    foldersWhileRunning,
    exitCode,
    closed,
    foldersAfterwards,
    lines,
  };
}

describe('npm start', () => {
  describe('with --json and --bill', () => {
    let temporary: string;
    let seen: Seen;

    beforeAll(async () => {
      temporary = await mkdtemp(path.join(tmpdir(), 'start-'));
      seen = await see(temporary);
    });

    afterAll(() => rm(temporary, { recursive: true }));

    it('prints one line of JSON with all addresses when it is ready', () => {
      expect(seen.pong).toEqual({ event: 'pong' });
      expect(seen.statuses).toEqual({ console: 200, http: 426 });
      expect(seen.ready.tables).toHaveLength(14);
    });

    it('serves the root as well as the stage', () => {
      expect(seen.pongOfRoot).toEqual({ event: 'pong' });
    });

    it('says in a sentence that the port is in use', () => {
      const { port } = new URL(seen.ready.websocket);

      expect(seen.secondStart).toEqual({
        code: 1,
        output: `Port ${port} is in use; choose another with --port, or any free one with --port 0.\n`,
      });
    });

    it('ends on Ctrl-C with clients connected, and leaves nothing behind', () => {
      expect(seen.foldersWhileRunning).toHaveLength(1);
      expect(seen.exitCode).toBe(0);
      expect(seen.closed).toMatchObject({ code: 1006 });
      expect(seen.foldersAfterwards).toEqual([]);
    });

    it('prints the bill at the end', () => {
      expect(seen.lines.filter((line) => /ping, (in|out) /.test(line))).toEqual([
        expect.stringMatching(/WebSocket messages +ping, in +2 +2 x 32 KB +0\.000002$/),
        expect.stringMatching(/WebSocket messages +ping, out +2 +2 x 32 KB +0\.000002$/),
      ]);
    });
  });

  describe('on a pipe, without --json, interrupted when it has said that it is ready', () => {
    let temporary: string;
    let seen: Awaited<ReturnType<typeof startAndRead>>;

    beforeAll(async () => {
      temporary = await mkdtemp(path.join(tmpdir(), 'start-'));
      seen = await startAndRead({ TMPDIR: temporary });
    });

    afterAll(() => rm(temporary, { recursive: true }));

    it('prints one link to open, and no progress', () => {
      const { stdout, stderr } = seen;

      expect(stderr).toBe('');
      expect(stdout.match(/http:\/\/localhost:\d+\/(?=\s)/g)).toHaveLength(1);
      expect(stdout).toMatch(/^ {2}Open http:\/\/localhost:\d+\/$/m);
      expect(stdout).toMatch(/^ {2}WebSocket +ws:\/\/localhost:\d+\/local$/m);
    });

    it('ends with status 0, and leaves nothing behind', async () => {
      expect(seen.code).toBe(0);
      expect(await workFolders(temporary)).toEqual([]);
    });
  });

  describe('that is interrupted', () => {
    it.each(['Loading', 'Synthesizing'])(
      'at %s ends with status 0 without output, and leaves nothing behind',
      async (step) => {
        const temporary = await emptyFolder();
        const { code, steps, stderr } = await interruptAt(step, { TMPDIR: temporary });

        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(steps).toContainEqual(expect.stringContaining(step));
        expect(await workFolders(temporary)).toEqual([]);
      },
    );

    it('while functions are built leaves no partial build', async () => {
      const temporary = await emptyFolder();
      // An empty folder, so that the start has to build the functions.
      const { code, steps } = await interruptAt('Building', {
        TMPDIR: temporary,
        FANFARE_BUNDLES: path.join(temporary, 'bundles'),
      });

      expect([code, steps]).toEqual([
        0,
        expect.arrayContaining([expect.stringMatching(/^Building \d+ functions$/)]),
      ]);
      // What was finished before the signal came is kept.
      const folders = await readdir(path.join(temporary, 'bundles')).catch(() => []);
      expect(folders.filter((name) => name.startsWith('building.'))).toEqual([]);
    });
  });

  it('says in a sentence which values a flag takes', async () => {
    expect(await startInVain('npm start', ['--port', 'http'])).toEqual({
      code: 1,
      output: '--port takes a whole number from 0 to 65535; got "http".\n',
    });
  });
});

describe('fanfare-local', () => {
  it.each(['Starting DynamoDB', 'Creating', 'Opening the port'])(
    'that is interrupted at %s ends with status 0 and without a word, and leaves nothing behind',
    async (step) => {
      const temporary = await emptyFolder();
      const flags = await smallApp(temporary);
      const { code, steps, stderr } = await interruptAt(
        step,
        { TMPDIR: temporary },
        { program: 'fanfare-local', flags },
      );

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(steps).toContainEqual(expect.stringContaining(step));
      expect(await workFolders(temporary)).toEqual([]);
    },
  );

  it.each([
    ['twice', ['SIGINT', 'SIGINT']],
    ['by SIGTERM', ['SIGTERM']],
    ['by the end of its terminal', ['SIGHUP']],
  ] as const)(
    'that is interrupted %s while an app synthesizes ends in the same way, and the app with it',
    async (_how, signals) => {
      const temporary = await emptyFolder();
      const { code, stderr } = await interruptAt(
        'Synthesizing',
        { TMPDIR: temporary },
        { program: 'fanfare-local', flags: endlessApp, signals },
      );

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(await workFolders(temporary)).toEqual([]);
    },
  );
});
