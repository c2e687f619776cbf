/** The inbox over a fake server: its deliveries, its marks, and its end. */

import type { Options } from 'fanfare-client';
import { type Inbox, type InboxHandler, type InboxOptions, openInbox } from 'fanfare-client/inbox';
import { describe, expect, it, vi } from 'vitest';
import { FanfareError } from '../../packages/client/src/lib/wire/errors.ts';
import { connected, type Setup } from './connected.ts';
import { settle } from './fake-clock.ts';
import { FakeServer, refusal, SILENCE } from './fake-server.ts';

const INBOX = '@user:ann';

/** Also gets what the test would use to end the inbox, since messages come before `reading` returns. */
type Handler = (
  message: Parameters<InboxHandler>[0],
  reader: Setup & { readonly inbox: Inbox },
) => ReturnType<InboxHandler>;

/** An inbox on a connection of its own, its delivered messages, and the number of timers before it. */
async function reading(
  server: FakeServer,
  {
    handler = () => {},
    token,
    ...options
  }: InboxOptions & Pick<Options, 'token'> & { readonly handler?: Handler } = {},
) {
  const setup = await connected(token ? { token } : {}, server);
  const plannedBefore = setup.clock.planned;
  const got: unknown[] = [];
  const inbox: Inbox = openInbox(
    setup.connection,
    'ann',
    (message) => {
      got.push(message.data);
      return handler(message, { ...setup, inbox });
    },
    { clock: setup.clock, onLost: ({ from, to }) => got.push(`lost ${from}-${to}`), ...options },
  );
  // It may end before the test asks how.
  inbox.ended.catch(() => {});
  await settle();
  return { ...setup, plannedBefore, inbox, got };
}

function filled(count: number, from = 1): FakeServer {
  const server = new FakeServer();
  for (let n = from; n < from + count; n++) server.channel(INBOX).append(n);
  return server;
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, n) => first + n);

const marksOf = (server: FakeServer) => server.commandsOf('mark').map(({ seq }) => seq);

/** Longer than the half second after which the client fetches missing messages. */
const fetched = ({ clock }: Pick<Setup, 'clock'>) => clock.pass(600);

describe('an inbox', () => {
  it('delivers all kept messages to a user who has never read, and then new ones', async () => {
    const server = filled(3);
    const reader = await reading(server);
    await fetched(reader);

    server.say(INBOX, 4);
    await settle();

    expect(reader.got).toEqual([1, 2, 3, 4]);
    expect(reader.inbox.position).toBe(104);
  });

  it('goes on where another device has stopped', async () => {
    const server = filled(5);
    const first = await reading(server, {
      handler: ({ data }, { inbox }) => (data === 3 ? void inbox.close() : undefined),
    });
    await fetched(first);
    await first.inbox.ended;

    const second = await reading(server);
    await fetched(second);

    expect(first.got).toEqual([1, 2, 3]);
    expect(second.got).toEqual([4, 5]);
  });

  it('of a user whose name a channel cannot hold is the channel of the same user', async () => {
    const { connection, server, clock } = await connected();

    openInbox(connection, 'auth0|5f7c', () => {}, { clock });
    await settle();

    expect(server.commandsOf('mark')).toMatchObject([{ channel: '@user:auth0=7C5f7c', seq: 0 }]);
  });

  it('misses and repeats nothing when the connection is lost', async () => {
    const server = filled(2);
    const { got, clock } = await reading(server);
    await clock.pass(2_000);
    server.socket.cut();
    server.channel(INBOX).append(3);

    await clock.pass(1_000);

    expect(server.sockets).toHaveLength(2);
    expect(got).toEqual([1, 2, 3]);
  });

  it('reports messages that waited for too long, and delivers those that are still there', async () => {
    const server = filled(6);
    server.marks.set(INBOX, 101);
    server.channel(INBOX).expireTo(104);

    const reader = await reading(server);
    await fetched(reader);

    expect(reader.got).toEqual(['lost 102-104', 5, 6]);
  });

  it('waits for a connection, and for a server that is busy', async () => {
    const server = filled(1);
    let isBusy = true;
    server.script = ({ action }) => (action === 'mark' && isBusy ? refusal('busy', 503, 5_000) : undefined);
    const { got, clock } = await reading(server);
    await clock.pass(4_999);
    expect(marksOf(server)).toEqual([0]);

    isBusy = false;
    await clock.pass(1_000);

    expect(got).toEqual([1]);
  });

  it('asks with the next token when the first one has expired', async () => {
    const server = filled(1);
    server.script = ({ action }, socket) =>
      action === 'mark' && socket === server.sockets[0] ? refusal('token-expired', 401) : undefined;
    const { got, clock } = await reading(server, { token: () => 'fresh' });

    await clock.pass(10_000);

    expect(got).toEqual([1]);
  });

  it('ends when a token that is never renewed has expired', async () => {
    const server = filled(1);
    server.script = ({ action }) => (action === 'mark' ? refusal('token-expired', 401) : undefined);
    const { connection, clock } = await connected({ token: 'the only one' }, server);
    const inbox = openInbox(connection, 'ann', () => {}, { clock });

    await expect(inbox.ended).rejects.toMatchObject({ code: 'token-expired' });
    expect(marksOf(server)).toEqual([0]);
  });

  it('begins again at the position of a slow handler when too many messages wait for it', async () => {
    const server = new FakeServer();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { got, clock } = await reading(server, { handler: ({ data }) => (data === 1 ? held : undefined) });
    await clock.pass(600);
    for (let n = 1; n <= 10_100; n++) server.say(INBOX, n);
    await settle();
    expect(got).toEqual([1]);

    release();
    await clock.pass(2_000);

    expect(got).toEqual(upTo(10_100));
    expect(server.marks.get(INBOX)).toBe(10_200);
    expect(server.commandsOf('subscribe')).toHaveLength(2);
  });
});

describe('marks', () => {
  it('are sent once a second at most, each for all messages that were read until then', async () => {
    const server = filled(10);
    const { clock } = await reading(server);
    await clock.pass(2_500);
    expect(marksOf(server)).toEqual([0, 110]);

    for (const data of [11, 12, 13]) server.say(INBOX, data);
    await clock.pass(999);
    expect(marksOf(server)).toEqual([0, 110]);
    await clock.pass(1);

    expect(marksOf(server)).toEqual([0, 110, 113]);
  });

  it('wait for the handler, one message after the other', async () => {
    const server = filled(3);
    const running: (() => void)[] = [];
    const { clock, got } = await reading(server, {
      handler: () => new Promise<void>((resolve) => running.push(resolve)),
    });
    await clock.pass(5_000);
    expect(got).toEqual([1]);
    expect(marksOf(server)).toEqual([0]);

    running.shift()?.();
    await clock.pass(1_000);

    expect(got).toEqual([1, 2]);
    expect(marksOf(server)).toEqual([0, 101]);
  });

  it('are sent at the close, which waits for the handler and for the server', async () => {
    const server = filled(2);
    let release = () => {};
    const { clock, inbox, got, plannedBefore } = await reading(server, {
      handler: () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    });
    await clock.pass(600);
    const told: string[] = [];
    const closed = inbox.close().then(() => told.push('closed'));
    await settle();
    expect(told).toEqual([]);

    release();
    await closed;

    expect(got).toEqual([1]);
    expect(server.marks.get(INBOX)).toBe(101);
    await settle();
    expect(clock.planned).toBe(plannedBefore);
  });

  it('are tried again when the server is busy, not before the time that it names', async () => {
    const server = filled(1);
    let refused = 0;
    server.script = ({ action, seq }) => {
      if (action !== 'mark' || seq === 0 || refused === 2) return undefined;
      refused += 1;
      return refusal('rate-limited', 429, 3_000);
    };
    const { clock } = await reading(server);

    await clock.pass(1_000 + 2_999);
    expect(marksOf(server)).toEqual([0, 101]);
    await clock.pass(1 + 3_000);

    expect(marksOf(server)).toEqual([0, 101, 101, 101]);
    expect(server.marks.get(INBOX)).toBe(101);
  });

  it('are not repeated for a device that is behind another one', async () => {
    const server = filled(2);
    const { clock, got } = await reading(server);
    server.marks.set(INBOX, 500);

    await clock.pass(10_000);

    expect(got).toEqual([1, 2]);
    expect(marksOf(server)).toEqual([0, 102]);
  });

  it('that are under way at the close are awaited, and followed by one for the rest', async () => {
    const server = filled(1);
    const { clock, inbox, plannedBefore } = await reading(server);
    await clock.pass(600);
    const held: (() => void)[] = [];
    server.schedule = (run) => void held.push(run);
    await clock.pass(1_000);
    server.say(INBOX, 2);
    await settle();
    const closed = inbox.close();
    await settle();

    server.schedule = queueMicrotask;
    for (const run of held) run();
    await closed;
    await settle();

    expect(marksOf(server)).toEqual([0, 101, 102]);
    expect(clock.planned).toBe(plannedBefore);
  });

  it('that do not reach the server are given up at the close', async () => {
    const server = filled(1);
    const { clock, inbox } = await reading(server);
    await clock.pass(600);
    server.script = () => SILENCE;
    const closed = inbox.close();

    await clock.pass(20_000);

    await expect(closed).resolves.toBeUndefined();
  });
});

describe('the end of an inbox', () => {
  it('comes when the handler throws: its message is not marked, and is the first of the next session', async () => {
    const server = filled(4);
    const failure = new Error('The disk is full');
    const first = await reading(server, {
      handler({ data }) {
        if (data === 3) throw failure;
      },
    });
    const ended = expect(first.inbox.ended).rejects.toBe(failure);
    await fetched(first);
    await ended;

    const second = await reading(server);
    await fetched(second);

    expect(first.got).toEqual([1, 2, 3]);
    expect(first.inbox.position).toBe(102);
    expect(second.got).toEqual([3, 4]);
  });

  it('is the same when the handler rejects, or throws an error of the client', async () => {
    const server = filled(2);
    const failure = new FanfareError({ code: 'overflow', status: 429, message: 'Too many waiting.' });
    const reader = await reading(server, { handler: () => Promise.reject(failure) });
    const ended = expect(reader.inbox.ended).rejects.toBe(failure);
    await fetched(reader);
    await ended;

    expect(reader.got).toEqual([1]);
    expect(marksOf(server)).toEqual([0]);
  });

  it.each(['mark', 'subscribe'])('comes with the refusal of %s', async (refused) => {
    const server = filled(1);
    server.script = ({ action }) => (action === refused ? refusal('forbidden', 403) : undefined);
    const { connection, clock } = await connected({}, server);
    connection.on('error', () => {});

    const inbox = openInbox(connection, 'bob', () => {}, { clock });

    await expect(inbox.ended).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('comes when marks are refused later', async () => {
    const server = filled(1);
    server.script = ({ action, seq }) =>
      action === 'mark' && seq > 0 ? refusal('forbidden', 403) : undefined;
    const { inbox, clock } = await reading(server);
    const ended = expect(inbox.ended).rejects.toMatchObject({ code: 'forbidden' });

    await clock.pass(2_000);

    await ended;
  });

  it('comes with the connection, and delivers no message that cannot be marked any more', async () => {
    const server = filled(5);
    const reader = await reading(server, {
      handler: (_message, { connection }) => connection.close(),
    });
    await fetched(reader);

    await expect(reader.inbox.ended).resolves.toBeUndefined();
    expect(reader.got).toEqual([1]);
  });

  it('comes with the connection while a mark is under way, too', async () => {
    const server = filled(1);
    server.script = ({ action, seq }) => (action === 'mark' && seq > 0 ? SILENCE : undefined);
    const { connection, clock, inbox } = await reading(server);
    await clock.pass(2_000);
    expect(marksOf(server)).toEqual([0, 101]);

    connection.close();

    await expect(inbox.ended).resolves.toBeUndefined();
  });

  it('comes at once on a connection that is closed', async () => {
    const { connection, clock } = await connected();
    connection.close();

    await expect(openInbox(connection, 'ann', () => {}, { clock }).ended).resolves.toBeUndefined();
  });

  it('comes with the signal, while it waits for a server that is busy, too', async () => {
    const server = filled(1);
    server.script = ({ action }) => (action === 'mark' ? refusal('busy', 503) : undefined);
    const controller = new AbortController();
    const handler = vi.fn();
    const { inbox } = await reading(server, { handler, signal: controller.signal });

    controller.abort();

    await expect(inbox.ended).resolves.toBeUndefined();
    expect(handler).not.toHaveBeenCalled();
    expect(server.commandsOf('subscribe')).toEqual([]);
  });

  it('comes before the beginning if the signal was aborted', async () => {
    const { inbox, server } = await reading(filled(1), { signal: AbortSignal.abort() });

    await expect(inbox.ended).resolves.toBeUndefined();
    expect(server.commands).toEqual([]);
  });
});
