/** Requests of the application's own actions: once without a key, and until the outcome is known with one. */

import { actionsOf, request } from 'fanfare-client/actions';
import { describe, expect, it } from 'vitest';
import { connected, setUp } from './connected.ts';
import { settle } from './fake-clock.ts';
import { type FakeCommand, refusal, type Script, SILENCE } from './fake-server.ts';

const done = ({ action }: Pick<FakeCommand, 'action'>) => ({ event: action, data: { votes: 7 } });

describe('a request', () => {
  it('sends the data under the name of the action, and returns the data of the reply', async () => {
    const { server, connection } = await connected();
    server.script = done;

    expect(await request(connection, 'vote', { option: 'tea' })).toEqual({ votes: 7 });
    expect(server.commandsOf('vote')).toHaveLength(1);
    expect(JSON.parse(String(server.socket.texts.at(-1)))).toEqual({
      id: expect.any(Number),
      action: 'vote',
      data: { option: 'tea' },
    });
  });

  it('fails with the refusal of the action', async () => {
    const { server, connection } = await connected();
    server.script = () => refusal('rejected', 422);

    await expect(request(connection, 'vote')).rejects.toMatchObject({
      code: 'rejected',
      status: 422,
      isRetryable: false,
    });
  });

  it.each([Number.NaN, { a: () => 1, b: 1n }, new Map()])(
    'fails at once for what is not JSON',
    async (data) => {
      const { server, connection } = await connected();

      await expect(request(connection, 'vote', data)).rejects.toMatchObject({ code: 'bad-request' });
      expect(server.commands).toEqual([]);
    },
  );

  it('fails at once for what fits into no frame', async () => {
    const { server, connection } = await connected();

    await expect(request(connection, 'vote', 'x'.repeat(32 * 1024))).rejects.toMatchObject({
      code: 'too-large',
    });
    expect(server.commands).toEqual([]);
  });

  it('fails on a connection that an application has wrapped', async () => {
    const { connection } = await connected();
    const wrapped = { ...connection, state: connection.state } as typeof connection;

    await expect(request(wrapped, 'vote')).rejects.toThrow(TypeError);
  });

  it('fails with closed when the connection is closed or its signal aborts', async () => {
    const { server, connection } = await connected();
    server.script = () => SILENCE;
    const aborting = new AbortController();
    const options = { key: 'k', signal: aborting.signal };
    const aborted = expect(request(connection, 'vote', 1, options)).rejects.toMatchObject({ code: 'closed' });
    const closed = expect(request(connection, 'vote')).rejects.toMatchObject({ code: 'closed' });
    await settle();

    aborting.abort();
    connection.close();

    await Promise.all([aborted, closed]);
    await expect(request(connection, 'vote', 1, options)).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('a request without a key', () => {
  it('is not sent again when the connection is lost, because the action may have run', async () => {
    const { server, connection, clock } = await connected();
    server.script = () => SILENCE;
    const failed = expect(request(connection, 'vote')).rejects.toMatchObject({ code: 'disconnected' });
    await settle();

    server.socket.cut();
    await clock.pass(5_000);

    await failed;
    expect(server.commandsOf('vote')).toHaveLength(1);
  });

  it('is not sent again when the server is overloaded', async () => {
    const { server, connection } = await connected();
    server.script = () => refusal('busy', 503, 100);

    await expect(request(connection, 'vote')).rejects.toMatchObject({ code: 'busy', isRetryable: true });
    expect(server.commandsOf('vote')).toHaveLength(1);
  });

  it('is not sent after its time, which it has waited for a socket', async () => {
    const { server, connection, clock } = setUp();
    server.handshakes = 'pending';
    const failed = expect(request(connection, 'vote')).rejects.toMatchObject({
      code: 'timeout',
      status: 408,
    });

    await clock.pass(10_000);
    await failed;
    server.socket.accept();
    await clock.pass(10_000);

    expect(server.commandsOf('vote')).toEqual([]);
  });
});

describe('a request with a key', () => {
  it('is repeated with the same key until its outcome is known', async () => {
    const { server, connection, clock } = await connected();
    const answers: ReturnType<Script>[] = [SILENCE, refusal('busy', 503, 500), done({ action: 'order' })];
    server.script = ({ action }) => (action === 'order' ? answers.shift() : undefined);
    const result = request(connection, 'order', { item: 1 }, { key: 'order-17' });
    await settle();

    server.socket.cut();
    await clock.pass(10_000);

    expect(await result).toEqual({ votes: 7 });
    const orders = server.sockets
      .flatMap(({ texts }) => texts)
      .map((text) => JSON.parse(String(text)))
      .filter(({ action }) => action === 'order');
    expect(orders).toHaveLength(3);
    expect(new Set(orders.map(({ key }) => key))).toEqual(new Set(['order-17']));
  });

  it('fails with the refusal of the action at once', async () => {
    const { server, connection } = await connected();
    server.script = () => refusal('rejected', 422);

    await expect(request(connection, 'order', 1, { key: 'k' })).rejects.toMatchObject({ code: 'rejected' });
    expect(server.commandsOf('order')).toHaveLength(1);
  });

  it('fails when the action has failed inside three times', async () => {
    const { server, connection, clock } = await connected();
    server.script = ({ action }) => (action === 'order' ? refusal('internal', 500) : undefined);
    const failed = expect(request(connection, 'order', 1, { key: 'k' })).rejects.toMatchObject({
      code: 'internal',
    });

    await clock.pass(30_000);

    await failed;
    expect(server.commandsOf('order')).toHaveLength(3);
  });

  it('gives up after a minute', async () => {
    const { server, connection, clock } = await connected();
    server.script = ({ action }) => (action === 'order' ? refusal('busy', 503) : undefined);
    const failed = expect(request(connection, 'order', 1, { key: 'k' })).rejects.toMatchObject({
      code: 'timeout',
    });

    await clock.pass(60_000);
    await failed;
    const sent = server.commandsOf('order').length;
    await clock.pass(60_000);

    expect(sent).toBeGreaterThan(3);
    expect(server.commandsOf('order')).toHaveLength(sent);
  });
});

describe('the actions of a configuration', () => {
  type Config = (stage: never) => {
    readonly actions: {
      readonly vote: { readonly types?: { input: string; result: number; idempotent: false } };
      readonly order: { readonly types?: { input: string; result: number; idempotent: true } };
    };
  };

  it('get a key of their own for each request if they are idempotent', async () => {
    const { server, connection } = await connected();
    server.script = done;
    const actions = actionsOf<Config>(connection, { idempotent: { order: true } });

    await actions.request('order', 'tea');
    await actions.request('order', 'tea');
    await actions.request('order', 'tea', { key: 'mine' });
    await actions.request('vote', 'tea');

    const keys = server.socket.texts.map((text) => JSON.parse(String(text)).key);
    expect(new Set(keys).size).toBe(4);
    expect(keys.slice(2)).toEqual(['mine', undefined]);
  });
});
