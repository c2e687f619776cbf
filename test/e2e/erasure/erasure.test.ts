/** One user does everything, and is erased: nothing is found of them, except what `docs/data.md` names. */

import { FanfareServer } from 'fanfare-client/server';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { serverAudience } from '../../../lambdas/identity/own-token.ts';
import { runHere } from '../../bin/run-command.ts';
import { Client } from '../../local/client.ts';
import type { Runtime } from '../../runtime.ts';
import { type SharedRuntime, sharedRuntime } from '../../shared-runtime.ts';
import type { Mint } from '../../tokens.ts';
import { FallbackStage, newSession } from '../fallback/fallback-stage.ts';
import { recordsIn, tracesIn } from './traces.ts';

const USER = 'auth0|erased-user';
/** As the name of the user's own channel has it. */
const IN_CHANNELS = 'auth0=7Cerased-user';
const CONTENT = 'a-sentence-to-be-erased';
const ABOUT = 'a-name-to-be-erased';
const TEXTS = [USER, IN_CHANNELS, CONTENT, ABOUT];

const [ROOM, BOARD] = ['chat:erasure', 'open:erasure'];

const reply = v.looseObject({ id: v.optional(v.number()), event: v.string() });
const page = v.object({
  messages: v.array(v.object({ seq: v.number(), data: v.unknown(), from: v.optional(v.string()) })),
});

let shared: SharedRuntime;
let runtime: Runtime;
let mint: Mint;
let stage: FallbackStage;
let server: FanfareServer;
const lines: string[] = [];
let ids = 0;

beforeAll(async () => {
  shared = await sharedRuntime();
  ({ runtime, mint } = shared);
  stage = new FallbackStage(runtime);
  const token = await mint('eraser', undefined, { audience: serverAudience('local') });
  server = new FanfareServer(runtime.urls.http, { token });
});

afterAll(() => stage.destroy());

async function open(token: string): Promise<Client> {
  const client = await Client.open(`${runtime.urls.websocket}?token=${token}`);
  onTestFinished(() => client.kill());
  return client;
}

/** The reply to a command, after pushed frames that come before it. */
async function ask(client: Client, command: object): Promise<unknown> {
  ids += 1;
  client.send({ ...command, id: ids });
  for (;;) {
    const frame = await client.next();
    const { success, output } = v.safeParse(reply, frame);
    if (!success || output.id !== ids) continue;
    if (output.event === 'error') throw new Error(JSON.stringify(frame));
    return frame;
  }
}

/** What the room has, as its other member reads it. */
async function historyFor(client: Client) {
  return v.parse(
    page,
    await ask(client, { action: 'history', channel: ROOM, before: Number.MAX_SAFE_INTEGER, limit: 50 }),
  ).messages;
}

/** Everything that a user can do. */
async function doEverything(token: string): Promise<void> {
  const user = await open(token);
  for (const channel of [ROOM, BOARD]) await ask(user, { action: 'subscribe', channel });
  await ask(user, { action: 'publish', channel: ROOM, data: CONTENT });
  await ask(user, { action: 'publish', channel: ROOM, data: { text: CONTENT }, key: 'a key' });
  const messages = [1, 2, 3].map((n) => ({ data: `${CONTENT} ${n}` }));
  await ask(user, { action: 'publish', channel: ROOM, messages, key: 'a key of a batch' });
  await ask(user, { action: 'publish', channel: BOARD, name: `cursor of ${USER}`, data: CONTENT });
  await ask(user, { action: 'ticket', data: CONTENT, key: 'a key of an action' });
  const home = `@user:${IN_CHANNELS}`;
  const { messages: received } = await server
    .call('publish', { users: [USER], data: `to you: ${CONTENT}`, key: 'a key of the server' })
    .then(() => server.call('history', { channel: home }));
  await ask(user, { action: 'mark', channel: home, seq: received[0]?.seq });
  const session = newSession();
  await stage.ask({ path: 'poll', query: { session, open: '1' }, token });
  for (const body of [
    { action: 'subscribe', channel: ROOM },
    { action: 'publish', channel: ROOM, data: `by HTTP: ${CONTENT}` },
  ])
    expect((await stage.ask({ method: 'POST', query: { session }, token, body })).status).toBe(200);
}

/** Reads nothing, so that its mailbox fills. */
async function sleepingPoller(token: string): Promise<void> {
  const session = newSession();
  await stage.ask({ path: 'poll', query: { session, open: '1' }, token });
  await stage.ask({
    method: 'POST',
    query: { session },
    token,
    body: { action: 'subscribe', channel: ROOM },
  });
}

const command = (program: 'erase' | 'export', ...flags: string[]) =>
  runHere(program, [
    '--user',
    USER,
    '--port',
    new URL(runtime.urls.lambda).port,
    '--dynamodb',
    runtime.urls.dynamodb,
    ...flags,
  ]);

/** The counts in the line of all tables: delete, rewrite, keep. */
function countsIn(report: string): readonly number[] {
  const [, ...counts] = /^all +(\d+) +(\d+) +(\d+)/m.exec(report) ?? [];
  return counts.map(Number);
}

describe('npm run erase', () => {
  it('leaves nothing of a user who did everything, except what the page names', async () => {
    onTestFinished(shared.onOutput((_name, line) => void lines.push(line)));
    const other = await open(await mint('erasure-witness'));
    await ask(other, { action: 'subscribe', channel: ROOM });
    await ask(other, { action: 'publish', channel: ROOM, data: 'stays' });
    await sleepingPoller(await mint('erasure-poller'));
    await doEverything(await mint(USER, undefined, { info: { name: ABOUT } }));
    await ask(other, { action: 'publish', channel: ROOM, data: 'stays, too' });
    await runtime.idle();
    const before = await historyFor(other);
    const traces = await tracesIn(runtime, TEXTS);
    const tablesWithTraces = [...new Set(traces.map(({ table }) => table))];
    expect(tablesWithTraces.toSorted()).toEqual([
      'Channels',
      'Connections',
      'Mailboxes',
      'Messages',
      'Occupancy',
      'Presence',
      'PublishKeys',
      'ReadPositions',
      'Subscriptions',
      'Values',
    ]);

    const exported = await command('export');
    const dry = await command('erase');
    expect(await tracesIn(runtime, TEXTS)).toHaveLength(traces.length);
    const first = await command('erase', '--yes');
    await runtime.idle();
    const second = await command('erase', '--yes');
    await runtime.idle();
    const third = await command('erase', '--yes');
    await runtime.idle();

    expect([exported.code, dry.code, first.code, second.code, third.code]).toEqual([0, 0, 0, 0, 0]);
    expect(countsIn(dry.stdout)[1]).toBeGreaterThanOrEqual(4);
    expect(countsIn(third.stdout).slice(0, 2)).toEqual([0, 0]);
    for (const text of TEXTS) expect(exported.stdout).toContain(text);
    const left = await tracesIn(runtime, TEXTS);
    // Joins and leaves on their way to a client that is slow, and the moment of the revocation.
    const named = left.filter(
      ({ table, text }) => table === 'Revocations' || (table === 'Mailboxes' && /joined|left/.test(text)),
    );
    expect(left.filter((trace) => !named.includes(trace))).toEqual([]);
    expect(left.filter(({ text }) => text.includes(CONTENT))).toEqual([]);
    expect(runtime.functions.eventQueue.size).toBe(0);
    for (const text of TEXTS) {
      expect(recordsIn(runtime)).not.toContain(text);
      expect(lines.join('\n')).not.toContain(text);
    }
    const after = await historyFor(other);
    expect(after.map(({ seq }) => seq)).toEqual(before.map(({ seq }) => seq));
    expect(after.filter(({ data }) => data !== null).map(({ data }) => data)).toEqual([
      'stays',
      'stays, too',
    ]);
  });
});
