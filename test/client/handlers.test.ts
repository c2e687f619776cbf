/**
 * Handlers of the application: what one of them throws is reported, and harms nothing else. A handler may add and remove handlers,
 * itself included.
 */

import { presenceHandlers, watchMembers } from 'fanfare-client/presence';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connected } from './connected.ts';
import { settle } from './fake-clock.ts';
import { refusal } from './fake-server.ts';
import { follow } from './follow.ts';

const mistake = new Error('a mistake of the application');

function fail(): never {
  throw mistake;
}

/** Members for every list. */
async function withMembers() {
  const setup = await connected();
  setup.server.script = ({ action }) =>
    action === 'members' ? { event: 'members', members: [{ user: 'ann', at: 1 }] } : undefined;
  const errors: unknown[] = [];
  setup.connection.on('error', (error) => errors.push(error));
  return { ...setup, errors };
}

/** What would be printed, or end the process. */
function unhandled(): unknown[] {
  const seen: unknown[] = [];
  const listener = (reason: unknown) => seen.push(reason);
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', listener);
  onTestFinished(() => {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  });
  return seen;
}

describe('what a member watch calls', () => {
  it('is reported as the event error when onChange throws at the list, and at a change', async () => {
    const { server, connection, errors } = await withMembers();
    const watch = watchMembers(connection, 'chat:room', fail);
    await watch.ready;
    server.socket.push({ event: 'joined', channel: 'chat:room', member: { user: 'bob', at: 2 } });
    await settle();

    expect(errors).toEqual([mistake, mistake]);
    expect(watch.members).toHaveLength(2);
  });

  it('is reported when onChange rejects', async () => {
    const { connection, errors } = await withMembers();
    await watchMembers(connection, 'chat:room', async () => fail()).ready;
    await settle();

    expect(errors).toEqual([mistake]);
  });

  it('is not mistaken for a refusal of the server when onChange throws one', async () => {
    const { server, connection, errors } = await withMembers();
    const watch = watchMembers(connection, 'chat:room', async () => {
      server.script = () => refusal('forbidden', 403);
      await connection.channel('chat:room').publish(1);
    });
    await watch.ready;
    await settle();

    expect(errors).toMatchObject([{ code: 'forbidden' }]);
    expect(server.commandsOf('members')).toHaveLength(1);
    expect(server.commandsOf('unsubscribe')).toEqual([]);
  });

  it('is reported when onEnd throws, and not thrown into stop() or abort()', async () => {
    const { connection, errors } = await withMembers();
    const controller = new AbortController();
    watchMembers(connection, 'chat:room', () => {}, { onEnd: fail }).stop();
    watchMembers(connection, 'chat:room', () => {}, { onEnd: fail, signal: controller.signal });
    controller.abort();
    await settle();

    expect(errors).toEqual([mistake, mistake]);
  });

  it('becomes an unhandled rejection without a listener for errors', async () => {
    const { server, connection } = await connected();
    server.script = ({ action }) => (action === 'members' ? { event: 'members', members: [] } : undefined);
    const { channel, on, ping, renew, close } = connection;
    const wrapped = {
      state: connection.state,
      channel: channel.bind(connection),
      on: on.bind(connection),
      ping,
      renew,
      close,
    };
    const seen = unhandled();
    await watchMembers(wrapped, 'chat:room', fail).ready;
    await settle();

    expect(seen).toEqual([mistake]);
  });
});

describe('a listener', () => {
  it('that listens twice goes on when one of the two is removed', async () => {
    const { connection } = await connected();
    const heard: unknown[] = [];
    const listener = (state: unknown) => heard.push(state);
    const stop = connection.on('state', listener);
    connection.on('state', listener);
    stop();
    stop();
    connection.close();

    expect(heard).toEqual(['closed']);
  });

  it('that is added by a listener gets the next event, and not this one', async () => {
    const { server, clock, connection } = await connected();
    const heard: unknown[] = [];
    const again = (state: unknown) => {
      heard.push(state);
      connection.on('state', again);
    };
    connection.on('state', again);
    server.socket.cut();
    expect(heard).toEqual(['connecting']);
    await clock.pass(500);

    expect(heard).toEqual(['connecting', 'connected', 'connected']);
  });

  it('that is removed by a listener before it is not called any more', async () => {
    const { connection } = await connected();
    const heard: unknown[] = [];
    connection.on('state', () => stop());
    const stop = connection.on('state', (state) => heard.push(state));
    connection.close();

    expect(heard).toEqual([]);
  });

  it('that throws does not keep the event from the others', async () => {
    const { connection, errors } = await withMembers();
    const heard: unknown[] = [];
    connection.on('state', fail);
    connection.on('state', (state) => heard.push(state));
    connection.close();
    await settle();

    expect([heard, errors]).toEqual([['closed'], [mistake]]);
  });
});

describe('a handler', () => {
  it.each(['open:x', 'live:x'])('of %s that subscribes itself runs once for one message', async (name) => {
    const { server, connection } = await connected();
    const channel = connection.channel(name);
    let calls = 0;
    const handler = () => {
      calls += 1;
      if (calls < 5_000) channel.subscribe(handler);
    };
    await channel.subscribe(handler).ready;
    server.socket.push({
      event: 'messages',
      channel: name,
      messages: [{ seq: name === 'open:x' ? 101 : undefined, data: 1, time: 0 }],
    });
    await settle();

    expect(calls).toBe(1);
  });

  it('that was removed by another one gets neither the message nor the member', async () => {
    const { server, connection } = await connected();
    const joined: unknown[] = [];
    const channel = connection.channel('open:x');
    channel.subscribe(
      () => other.subscription.unsubscribe(),
      presenceHandlers({ onJoined: () => third.unsubscribe() }),
    );
    const other = follow(connection, 'open:x');
    const third = channel.subscribe(
      () => {},
      presenceHandlers({ onJoined: (member) => joined.push(member) }),
    );
    await third.ready;
    server.say('open:x', 1);
    server.socket.push({ event: 'joined', channel: 'open:x', member: { user: 'bob', at: 2 } });
    await settle();

    expect([other.got, joined]).toEqual([[], []]);
  });
});
