/** Commands that are asked for their reply: history and members. */

import { historyOf } from 'fanfare-client/history';
import { membersOf } from 'fanfare-client/presence';
import { describe, expect, it } from 'vitest';
import { connected, setUp } from './connected.ts';
import { settle } from './fake-clock.ts';
import { SILENCE } from './fake-server.ts';

describe('a request', () => {
  it('fails with a clear error when no reply comes', async () => {
    const { server, connection, clock } = await connected();
    server.script = ({ action }) => (action === 'history' ? SILENCE : undefined);

    const page = historyOf(connection.channel('open:x'));
    const failure = expect(page).rejects.toMatchObject({ code: 'timeout', status: 408 });
    await clock.pass(10_000);

    await failure;
    expect(connection.state).toBe('connected');
  });

  it('fails at once when the gateway fails and nothing else is in flight', async () => {
    const { server, connection } = await connected();
    server.script = ({ action }, socket) => {
      if (action === 'history')
        socket.push({ message: 'Endpoint request timed out', connectionId: 'a', requestId: 'b' });
      return SILENCE;
    };

    await expect(historyOf(connection.channel('open:x'))).rejects.toMatchObject({ code: 'internal' });
  });

  it('waits for a connection, and is repeated on the next one', async () => {
    const { server, connection, clock } = setUp();
    server.script = () => SILENCE;
    const members = membersOf(connection.channel('open:x'));
    await settle();

    server.socket.cut();
    server.script = () => ({ event: 'members', members: [{ user: 'ann', info: 1 }, { user: 'bo' }] });
    await clock.pass(500);

    expect(await members).toEqual([{ user: 'ann', info: 1 }, { user: 'bo' }]);
  });

  it('gets replies by their id, in any order', async () => {
    const { server, connection } = await connected();
    server.script = () => SILENCE;
    const channel = connection.channel('open:x');
    const one = historyOf(channel, { limit: 1 });
    const two = historyOf(channel, { limit: 2 });
    await settle();

    for (const { id, limit } of server.commands.toReversed()) {
      server.socket.push({ id, event: 'history', messages: [{ seq: limit, data: limit, time: 0 }] });
    }

    expect((await one).messages).toMatchObject([{ data: 1 }]);
    expect((await two).messages).toMatchObject([{ data: 2 }]);
  });

  it('for history leaves void numbers out, and says where the next page is', async () => {
    const { server, connection } = await connected();
    const channel = server.channel('open:x');
    channel.append('a');
    channel.seal();
    channel.append('b');

    const page = await historyOf(connection.channel('open:x'), { after: 100, limit: 2 });
    expect(page).toEqual({ messages: [{ seq: 101, data: 'a', time: 0 }], more: true, next: 102 });
    expect(await historyOf(connection.channel('open:x'), { after: 102 })).toMatchObject({
      more: false,
      next: 103,
    });
  });
});
