import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Choices } from '../../../packages/local/src/gateway/choices.ts';
import { Connection, type Ending, type Wire } from '../../../packages/local/src/gateway/connection.ts';
import { echoes, tellsConnectionId } from '../../fixtures/functions.ts';
import { Client } from '../client.ts';
import { managed } from '../managed.ts';
import { Queue } from '../queue.ts';
import { serveRoutes } from '../serve-routes.ts';

const IDLE_MS = 600_000;
const LIFETIME_MS = 7_200_000;

const routes = {
  echo: { source: echoes, replies: true },
  id: { source: tellsConnectionId, replies: true },
};

async function connected(choices: Partial<Choices> = {}) {
  const timers = { idleTimeoutMs: IDLE_MS, lifetimeMs: LIFETIME_MS };
  const served = await serveRoutes(routes, { timers, choices });
  return { ...served, client: await Client.open(served.url) };
}

const facts = {
  connectionId: 'R1kmxc2VNjMCFIA=',
  connectedAt: 0,
  domainName: 'localhost',
  apiId: 'Api',
  stage: 'test',
  identity: { sourceIp: '127.0.0.1' },
};

/** Both ends of a WebSocket, without a gateway. */
async function socketPair(): Promise<{ readonly client: Client; readonly wire: Wire }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no port');
  const connection = once(server, 'connection');
  const client = await Client.open(`ws://127.0.0.1:${address.port}`);
  const [socket, request] = await connection;
  return { client, wire: { socket, stream: request.socket } };
}

/** The connection under test on this socket, and how it ends. */
function connectionOn(wire: Wire, onMessage: (text: string) => void = () => {}) {
  const ends = new Queue<Ending>();
  const listeners = { onMessage, onSent: () => {}, onClosing: () => {}, onClosed: ends.put };
  const timers = { idleTimeoutMs: IDLE_MS, lifetimeMs: LIFETIME_MS };
  return { connection: new Connection(facts, wire, timers, listeners), closed: ends.next() };
}

/** Proves that the connection is open, by a message that goes both ways. */
const talk = (client: Client) => client.ask({ action: 'echo' });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a connection', () => {
  it('is closed with 1001 at the end of the idle timeout (KA-1)', async () => {
    const { client } = await connected();
    vi.advanceTimersByTime(IDLE_MS);

    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
  });

  it('is open until the idle timeout, and for as long again after a message (KA-1)', async () => {
    const { client } = await connected();
    vi.advanceTimersByTime(IDLE_MS - 1);
    await talk(client);
    vi.advanceTimersByTime(IDLE_MS - 1);

    expect(await talk(client)).toEqual({ action: 'echo' });
  });

  it('is kept open by messages from the client (KA-1)', async () => {
    const { client, wire } = await socketPair();
    const heard = new Queue<string>();
    connectionOn(wire, heard.put);
    for (const text of ['1', '2', '3']) {
      vi.advanceTimersByTime(IDLE_MS - 1);
      client.send(text);
      await heard.next();
    }

    expect(wire.socket.readyState).toBe(wire.socket.OPEN);
  });

  it('is kept open by messages to the client (KA-1)', async () => {
    const { client, http } = await connected();
    client.send({ action: 'id' });
    const url = `${http}/@connections/${encodeURIComponent(await client.nextText())}`;
    for (let post = 0; post < 3; post++) {
      vi.advanceTimersByTime(IDLE_MS - 1);
      await managed(url, { method: 'POST', body: 'null' });
      await client.next();
    }

    expect(await talk(client)).toEqual({ action: 'echo' });
  });

  it('is not kept open by pings, though they are answered (KA-3)', async () => {
    const { client } = await connected();
    vi.advanceTimersByTime(IDLE_MS - 1);
    client.socket.ping();
    await once(client.socket, 'pong');
    vi.advanceTimersByTime(1);

    expect(await client.closed).toMatchObject({ code: 1001 });
  });

  it('is kept open by pings if the choice says so (KA-3)', async () => {
    const { client } = await connected({ pingsKeepOpen: true });
    for (let ping = 0; ping < 3; ping++) {
      vi.advanceTimersByTime(IDLE_MS - 1);
      client.socket.ping();
      await once(client.socket, 'pong');
    }

    expect(await talk(client)).toEqual({ action: 'echo' });
  });

  it('gets no ping of the gateway during the whole idle time (KA-2)', async () => {
    const { client } = await connected();
    const pings: unknown[] = [];
    client.socket.on('ping', (data) => pings.push(data));
    vi.advanceTimersByTime(IDLE_MS - 1);
    await talk(client);

    expect(pings).toEqual([]);
  });

  it('is closed with 1001 at the end of its lifetime, also while it is busy (KA-6)', async () => {
    const { client } = await connected();
    for (let age = 0; age < LIFETIME_MS - 1; age += IDLE_MS - 1) {
      await talk(client);
      vi.advanceTimersByTime(Math.min(IDLE_MS - 1, LIFETIME_MS - 1 - age));
    }
    await talk(client);
    vi.advanceTimersByTime(1);

    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
  });

  it('receives no message while it closes', async () => {
    const { client, wire } = await socketPair();
    const heard: string[] = [];
    const { connection, closed } = connectionOn(wire, (text) => heard.push(text));
    client.send('in time');
    await once(wire.socket, 'message');
    client.socket.pause();
    client.send('late');
    connection.delete();
    client.socket.resume();
    await closed;

    expect(heard).toEqual(['in time']);
  });

  it('leaves no timer behind', async () => {
    const { client, wire } = await socketPair();
    const { closed } = connectionOn(wire);
    const timers = vi.getTimerCount();
    client.kill();
    await closed;

    expect([timers, vi.getTimerCount()]).toEqual([2, 0]);
  });

  it('has the times of its start and of its last use (MG-1, MG-2)', async () => {
    vi.setSystemTime('2024-01-20T11:55:00.000Z');
    const { client, http } = await connected();
    client.send({ action: 'id' });
    const url = `${http}/@connections/${encodeURIComponent(await client.nextText())}`;
    vi.setSystemTime('2024-01-20T11:56:00.000Z');
    await talk(client);
    vi.setSystemTime('2024-01-20T11:57:00.000Z');

    expect(await (await managed(url)).json()).toEqual({
      connectedAt: '2024-01-20T11:55:00.000Z',
      identity: { sourceIp: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) },
      lastActiveAt: '2024-01-20T11:56:00.000Z',
    });
  });
});
