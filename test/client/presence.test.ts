/** A live list of members over the fake server: the requests of the client, and its reports to the application. */

import type { Connection, Member } from 'fanfare-client';
import { membersOf, watchMembers } from 'fanfare-client/presence';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connected, setUp } from './connected.ts';
import { settle } from './fake-clock.ts';
import { FakeServer, refusal, type Script, SILENCE } from './fake-server.ts';

const CHANNEL = 'chat:room';
const asked = v.object({ cursor: v.optional(v.string()) });

/** A server with members. */
class PresenceServer extends FakeServer {
  present: Member[] = [{ user: 'ann', at: 1 }];
  /** In place of the list. */
  refusal: object | undefined;

  override script: Script = ({ action }) => {
    if (action === 'members') return this.refusal ?? { event: 'members', members: this.present };
    return undefined;
  };

  tell(event: 'joined' | 'left', member: Member): void {
    for (const socket of this.open) socket.push({ event, channel: CHANNEL, member });
  }
}

let server: PresenceServer;

beforeEach(() => {
  server = new PresenceServer();
});

afterEach(() => {
  vi.useRealTimers();
});

function watch(connection: Connection, signal?: AbortSignal) {
  const seen: string[] = [];
  const ended: unknown[] = [];
  const members = watchMembers(
    connection,
    CHANNEL,
    (list) => seen.push(list.map(({ user }) => user).join(' ')),
    { onEnd: (error) => ended.push(error?.code), ...(signal && { signal }) },
  );
  return { members, seen, ended };
}

describe('watching members', () => {
  it('reports the list when it is complete, and then every change', async () => {
    const { connection } = await connected({}, server);
    const { members, seen } = watch(connection);
    await members.ready;
    server.tell('joined', { user: 'bob', at: 2 });
    server.tell('joined', { user: 'bob', at: 2 });
    server.tell('left', { user: 'ann', at: 3 });
    await settle();

    expect(seen).toEqual(['ann', 'ann bob', 'bob']);
    expect(members.members).toEqual([{ user: 'bob', at: 2 }]);
  });

  it('asks for diffs, and takes several joins and leaves from one frame', async () => {
    const { connection } = await connected({}, server);
    const { members } = watch(connection);
    await members.ready;
    const joined = ['bob', 'cid'].map((user) => ({ user, at: 2 }));
    server.socket.push([
      { event: 'joined', channel: CHANNEL, members: joined },
      { event: 'left', channel: CHANNEL, members: [{ user: 'ann', at: 3 }] },
    ]);
    await settle();

    expect(server.socket.frames.flat()).toContainEqual(
      expect.objectContaining({ action: 'subscribe', channel: CHANNEL, diffs: true }),
    );
    expect(members.members).toEqual(joined);
  });

  it('subscribes before it asks for the list, and asks for every page of it', async () => {
    const { connection } = await connected({}, server);
    let pages = 0;
    const cursors: unknown[] = [];
    server.script = ({ action }) => {
      if (action !== 'members') return undefined;
      pages += 1;
      cursors.push(v.parse(asked, server.socket.frames.at(-1)).cursor);
      return {
        event: 'members',
        members: [{ user: `user${pages}`, at: 1 }],
        ...(pages < 3 && { next: `p${pages}` }),
      };
    };
    const { members, seen } = watch(connection);
    await members.ready;

    expect(seen).toEqual(['user1 user2 user3']);
    expect(cursors).toEqual([undefined, 'p1', 'p2']);
    expect(server.commands.map(({ action }) => action)).toEqual([
      'subscribe',
      'members',
      'members',
      'members',
    ]);
  });

  it('keeps a user who joins while the list is on its way', async () => {
    const { connection } = await connected({}, server);
    const { members, seen } = watch(connection);
    server.script = ({ action }) => {
      if (action !== 'members') return undefined;
      server.tell('joined', { user: 'bob', at: 2 });
      return { event: 'members', members: server.present };
    };
    await members.ready;

    expect(seen).toEqual(['bob ann']);
  });

  it('reads the list again after an interruption, without the events in between', async () => {
    const { connection, clock } = await connected({}, server);
    const { members, seen } = watch(connection);
    await members.ready;
    server.channel(CHANNEL).append('said before');
    server.present = [{ user: 'bob', at: 2 }];
    server.socket.cut();
    await clock.pass(500);

    expect(seen).toEqual(['ann', 'bob']);
    expect(server.commandsOf('subscribe').map(({ after }) => after)).toEqual([undefined, undefined]);
  });

  it('reads the list again when the connection was renewed', async () => {
    const { connection, clock } = await connected({}, server);
    const { members, seen } = watch(connection);
    await members.ready;
    server.present = [
      { user: 'ann', at: 1 },
      { user: 'bob', at: 2 },
    ];
    connection.renew();
    await clock.pass(500);

    expect(seen).toEqual(['ann', 'ann bob']);
  });

  it('ignores what has no user, which the protocol does not allow', async () => {
    const { connection } = await connected({}, server);
    server.script = ({ action }) =>
      action === 'members'
        ? { event: 'members', members: [{ info: 'no user' }, { user: 'ann' }] }
        : undefined;
    const { members, seen } = watch(connection);
    await members.ready;
    server.socket.push({ event: 'joined', channel: CHANNEL, member: { at: 2 } });
    await settle();

    expect(seen).toEqual(['ann']);
  });

  it('takes a page of 150,000 members', async () => {
    const { connection } = await connected({}, server);
    server.present = Array.from({ length: 150_000 }, (_, n) => ({ user: `user${n}`, at: 1 }));

    await expect(membersOf(connection.channel(CHANNEL))).resolves.toHaveLength(150_000);
    await watch(connection).members.ready;
  });

  it('waits for a connection', async () => {
    const { connection } = setUp({}, server);
    const { members, seen } = watch(connection);
    await members.ready;

    expect(seen).toEqual(['ann']);
  });

  it.each(['busy', 'rate-limited', 'internal'])(
    'asks again later when the list is refused as %s',
    async (code) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const { connection } = await connected({}, server);
      server.refusal = { event: 'error', code, status: 503, message: 'Later.', retryAfter: 700 };
      const { members, seen } = watch(connection);
      await settle();
      expect(seen).toEqual([]);
      server.refusal = undefined;
      vi.advanceTimersByTime(700);
      await members.ready;

      expect(seen).toEqual(['ann']);
    },
  );

  it('reads the list with the next token when a token has expired meanwhile', async () => {
    const { connection, clock } = await connected({ token: () => 'fresh' }, server);
    const { members, seen, ended } = watch(connection);
    await members.ready;
    server.present = [{ user: 'bob', at: 2 }];
    const list = server.script;
    server.script = (command, socket) =>
      command.action === 'members' && socket !== server.sockets.at(2)
        ? refusal('token-expired', 401)
        : list(command, socket);
    connection.renew();
    await clock.pass(10_000);

    expect(seen).toEqual(['ann', 'bob']);
    expect(ended).toEqual([]);
  });

  it('ends when a token that is never renewed has expired, and says so', async () => {
    const { connection } = await connected({ token: 'the only one' }, server);
    server.refusal = refusal('token-expired', 401);
    const { members, ended } = watch(connection);

    await expect(members.ready).rejects.toMatchObject({ code: 'token-expired' });
    expect(ended).toEqual(['token-expired']);
  });

  it.each([
    ['overloaded', 503],
    ['too-slow', 408],
    ['too-often', 429],
  ])('asks again later when a newer server refuses the list as %s (%i)', async (code, status) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { connection } = await connected({}, server);
    server.refusal = refusal(code, status, 700);
    const { members, seen, ended } = watch(connection);
    await settle();
    server.refusal = undefined;
    vi.advanceTimersByTime(700);
    await settle();

    expect({ seen, ended, members: members.members }).toEqual({
      seen: ['ann'],
      ended: [],
      members: [{ user: 'ann', at: 1 }],
    });
  });

  it('ends when the list is forbidden, and says so', async () => {
    const { connection } = await connected({}, server);
    server.refusal = { event: 'error', code: 'forbidden', status: 403, message: 'No.' };
    const { members, ended } = watch(connection);

    await expect(members.ready).rejects.toMatchObject({ code: 'forbidden' });
    await settle();

    expect(ended).toEqual(['forbidden']);
    expect(server.commandsOf('unsubscribe')).toHaveLength(1);
  });

  it('ends when the subscription is refused, and says so', async () => {
    const { connection } = await connected({}, server);
    connection.on('error', () => {});
    server.script = ({ action }) =>
      action === 'subscribe' ? { event: 'error', code: 'forbidden', status: 403, message: 'No.' } : undefined;
    const { members, ended } = watch(connection);

    await expect(members.ready).rejects.toMatchObject({ code: 'forbidden' });
    expect(ended).toEqual(['forbidden']);
  });

  it.each([
    ['stop', (stop: () => void) => stop()],
    ['its signal', (_stop: () => void, controller: AbortController) => controller.abort()],
  ])('ends with %s, reports nothing more, and leaves the channel', async (_what, end) => {
    const { connection } = await connected({}, server);
    const controller = new AbortController();
    const { members, seen, ended } = watch(connection, controller.signal);
    await members.ready;
    end(members.stop, controller);
    await settle();
    server.tell('joined', { user: 'bob', at: 2 });
    await settle();

    expect(seen).toEqual(['ann']);
    expect(ended).toEqual([undefined]);
    expect(server.commandsOf('unsubscribe')).toHaveLength(1);
  });

  it('ends with the connection, also before there is a list', async () => {
    const { connection } = await connected({}, server);
    server.script = () => SILENCE;
    const { members, ended } = watch(connection);
    connection.close();

    await expect(members.ready).rejects.toMatchObject({ code: 'closed' });
    expect(ended).toEqual([undefined]);
  });

  it('never begins with a signal that was aborted, or a connection that is closed', async () => {
    const { connection } = await connected({}, server);
    const { ended } = watch(connection, AbortSignal.abort());
    connection.close();
    const late = watch(connection);
    await settle();

    expect([ended, late.ended]).toEqual([[undefined], [undefined]]);
    expect(server.commands).toEqual([]);
  });

  it('leaves the subscriptions of the application as they are', async () => {
    const { connection } = await connected({}, server);
    const got: unknown[] = [];
    await connection.channel(CHANNEL).subscribe(({ data }) => got.push(data)).ready;
    const { members } = watch(connection);
    await members.ready;
    members.stop();
    await settle();
    server.say(CHANNEL, 'still there');
    await settle();

    expect(got).toEqual(['still there']);
  });
});
