/** Subscriptions that begin with the newest messages of a channel. */

import { describe, expect, it } from 'vitest';
import { connected } from './connected.ts';
import { settle } from './fake-clock.ts';
import { type FakeServer, SILENCE } from './fake-server.ts';
import { follow } from './follow.ts';

async function withMessages(count: number) {
  const setup = await connected();
  for (let n = 1; n <= count; n += 1) setup.server.channel('open:x').append(n);
  return setup;
}

/** What the subscribes asked for. */
function asked(server: FakeServer) {
  return server.commandsOf('subscribe').map(({ last, after, limit }) => ({ last, after, limit }));
}

describe('a subscription with last', () => {
  it('gets the newest messages and then every new one, by one command', async () => {
    const { server, connection } = await withMessages(5);
    const { got, subscription } = follow(connection, 'open:x', { last: 3 });
    await subscription.ready;
    expect(got).toEqual([3, 4, 5]);
    server.say('open:x', 6);

    expect(got).toEqual([3, 4, 5, 6]);
    expect(subscription.position).toBe(106);
    expect(asked(server)).toEqual([{ last: 3 }]);
  });

  it('gets all messages of a channel that keeps fewer, and reports none as lost', async () => {
    const { server, connection } = await withMessages(5);
    server.channel('open:x').expireTo(103);
    const { got, subscription } = follow(connection, 'open:x', { last: 50 });
    await subscription.ready;

    expect(got).toEqual([4, 5]);
  });

  it('begins with the first message of a channel that has none', async () => {
    const { server, connection } = await connected();
    const { got, subscription } = follow(connection, 'fresh:x', { last: 50 });
    await subscription.ready;
    server.say('fresh:x', 1);

    expect(got).toEqual([1]);
  });

  it('gets what the reply has no room for from the history, in order with messages that come meanwhile', async () => {
    const { server, connection } = await withMessages(9);
    server.channel('open:x').replySize = 2;
    const { got, subscription } = follow(connection, 'open:x', { last: 7 });
    await subscription.ready;
    server.say('open:x', 10);
    await settle();

    expect(got).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('goes on where it was after a loss of the connection, and asks for no older messages again', async () => {
    const { server, connection, clock } = await withMessages(5);
    const { got, subscription } = follow(connection, 'open:x', { last: 2 });
    await subscription.ready;
    server.socket.cut();
    for (const n of [6, 7, 8]) server.channel('open:x').append(n);
    await clock.pass(60_000);

    expect(got).toEqual([4, 5, 6, 7, 8]);
    expect(asked(server)).toEqual([{ last: 2 }, { after: 105 }]);
  });

  it('asks for them again if the connection was lost before the reply', async () => {
    const { server, connection, clock } = await withMessages(5);
    server.script = () => SILENCE;
    const { got } = follow(connection, 'open:x', { last: 2 });
    await settle();
    server.script = () => undefined;
    server.socket.cut();
    await clock.pass(60_000);

    expect(got).toEqual([4, 5]);
  });

  it('beside one that is confirmed gets them, and the other one gets nothing twice', async () => {
    const { server, connection } = await withMessages(5);
    const other = follow(connection, 'open:x');
    await other.subscription.ready;
    server.say('open:x', 6);
    const { got, subscription } = follow(connection, 'open:x', { last: 3 });
    await subscription.ready;
    server.say('open:x', 7);

    expect([other.got, got]).toEqual([
      [6, 7],
      [4, 5, 6, 7],
    ]);
  });

  it('beside others that want fewer, or resume from further back, gets as many as it wants, as they do', async () => {
    const { connection } = await withMessages(9);
    const all = [{ last: 2 }, { after: 103 }, { last: 4 }, {}].map((options) =>
      follow(connection, 'open:x', options),
    );
    await settle();

    expect(all.map(({ got }) => got)).toEqual([[8, 9], [4, 5, 6, 7, 8, 9], [6, 7, 8, 9], []]);
  });

  it('that comes while the subscribe of another one is under way gets as many as it wants', async () => {
    const { server, connection } = await withMessages(9);
    const first = follow(connection, 'open:x', { last: 2 });
    await new Promise<void>((resolve) => {
      server.script = () => {
        server.script = () => undefined;
        resolve();
        return undefined;
      };
    });
    const second = follow(connection, 'open:x', { last: 4 });
    await settle();

    expect([first.got, second.got]).toEqual([
      [8, 9],
      [6, 7, 8, 9],
    ]);
  });

  it('and with after resumes, and asks for nothing else', async () => {
    const { server, connection } = await withMessages(5);
    const { got } = follow(connection, 'open:x', { after: 101, last: 1 });
    await settle();

    expect(got).toEqual([2, 3, 4, 5]);
    expect(server.commandsOf('subscribe')).toHaveLength(1);
  });

  it('gets them without a reply full of messages when the reply is overdue', async () => {
    const { server, connection, clock } = await withMessages(5);
    server.lostReplies = 1;
    const { got } = follow(connection, 'open:x', { last: 3 });
    await clock.pass(30_000);

    expect(got).toEqual([3, 4, 5]);
    expect(asked(server)).toEqual([{ last: 3 }, { last: 3, limit: 0 }]);
  });

  it('gets every message from now on of a server that does not know last', async () => {
    const { server, connection } = await withMessages(5);
    server.script = ({ action }) => (action === 'subscribe' ? { event: 'subscribed', seq: 105 } : undefined);
    const { subscription } = follow(connection, 'open:x', { last: 3 });
    await subscription.ready;

    expect(subscription.position).toBe(105);
  });

  it('has no position in a channel without history', async () => {
    const { connection } = await connected();
    const { subscription } = follow(connection, 'live:x', { last: 3 });
    await subscription.ready;

    expect(subscription.position).toBeUndefined();
  });
});
