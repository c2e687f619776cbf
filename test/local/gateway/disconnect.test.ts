import { describe, expect, it } from 'vitest';
import { does, echoes, printsEvent, tellsConnectionId } from '../../fixtures/functions.ts';
import { Client, refusalOf } from '../client.ts';
import { closedGate } from '../gate.ts';
import { managed } from '../managed.ts';
import { type Served, serveRoutes } from '../serve-routes.ts';

const KB = 1024;

const routes = { $disconnect: printsEvent, $default: { source: tellsConnectionId, replies: true } };

/** The next event that `$disconnect` gets. */
async function disconnectOf({ output }: Served) {
  const { requestContext } = JSON.parse(await output.next());
  const { connectionId, disconnectStatusCode: code, disconnectReason: reason } = requestContext;
  return { connectionId, code, reason };
}

async function connectionIdOf(client: Client): Promise<string> {
  client.send('who am I?');
  return client.nextText();
}

async function deleteConnection(client: Client, { http }: Served): Promise<void> {
  const id = encodeURIComponent(await connectionIdOf(client));
  await managed(`${http}/@connections/${id}`, { method: 'DELETE' });
}

function sendFragments(client: Client, count: number, size: number): void {
  for (let sent = 1; sent <= count; sent++) client.socket.send('x'.repeat(size), { fin: sent === count });
}

/** The ends of a connection, with the code and the reason that `$disconnect` gets. */
const causes: [
  cause: string,
  end: (client: Client, served: Served) => unknown,
  code: number,
  reason: string,
][] = [
  ['a close frame of the client', ({ socket }) => socket.close(4001, 'bye'), 4001, 'bye'],
  [
    'a close frame without a status',
    ({ socket }) => socket.close(),
    1005,
    'Client-side close frame status not set',
  ],
  ['the loss of the socket', (client) => client.kill(), 1006, ''],
  ['DeleteConnection', deleteConnection, 1000, 'Connection Closed Normally'],
  ['a binary frame (LM-7)', ({ socket }) => socket.send(Buffer.from('text')), 1003, ''],
  ['text that is not UTF-8', ({ socket }) => socket.send(Buffer.from([0xff]), { binary: false }), 1007, ''],
  ['a frame of 33 KB (LM-4)', ({ socket }) => socket.send('x'.repeat(33 * KB)), 1009, ''],
  ['a message of 130 KB in small frames (LM-4)', (client) => sendFragments(client, 5, 26 * KB), 1009, ''],
];

describe('$disconnect', () => {
  it.each(causes)('gets code and reason of %s (DC-3)', async (_cause, end, code, reason) => {
    const served = await serveRoutes(routes);
    const client = await Client.open(served.url);
    await end(client, served);

    expect(await disconnectOf(served)).toMatchObject({ code, reason });
    expect((await client.closed).code).toBe(code);
  });

  it.each([
    ['idle timeout', { idleTimeoutMs: 20, lifetimeMs: 7_200_000 }],
    ['lifetime', { idleTimeoutMs: 600_000, lifetimeMs: 20 }],
  ])('gets code and reason of the %s that the options set (DC-3)', async (_which, timers) => {
    const served = await serveRoutes(routes, { timers });
    const client = await Client.open(served.url);

    expect(await disconnectOf(served)).toMatchObject({ code: 1001, reason: 'Going away' });
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
  });

  it('has the degenerate headers of AWS and neither body nor query string (DC-4, EV-15)', async () => {
    const { url, output } = await serveRoutes({ $disconnect: printsEvent });
    const client = await Client.open(`${url}?a=b`);
    await client.close();

    const event = JSON.parse(await output.next());

    expect(Object.keys(event)).toEqual(['headers', 'multiValueHeaders', 'requestContext', 'isBase64Encoded']);
    expect(event.headers).toEqual({
      Host: new URL(url).host,
      'x-api-key': '',
      'X-Forwarded-For': '',
      'x-restapi': '',
    });
  });

  it('runs once for each connection, closed by the client or by the server', async () => {
    const served = await serveRoutes(routes);
    const deleted = await Client.open(served.url);
    const closed = await Client.open(served.url);
    const ids = [await connectionIdOf(deleted), await connectionIdOf(closed)];
    await deleteConnection(deleted, served);
    const first = await disconnectOf(served);
    await closed.close();
    const second = await disconnectOf(served);

    expect([first.connectionId, second.connectionId]).toEqual(ids);
  });

  it('does not run for a handshake that was refused', async () => {
    const $connect = does('return { statusCode: event.queryStringParameters ? 403 : 200 };');
    const served = await serveRoutes({ ...routes, $connect });
    await refusalOf(`${served.url}?refuse=me`);
    const client = await Client.open(served.url);
    const connectionId = await connectionIdOf(client);
    await client.close();

    expect(await disconnectOf(served)).toMatchObject({ connectionId });
  });

  it('does not wait for messages that are being handled (DC-8)', async () => {
    const gate = await closedGate();
    const slow = does(`${gate.wait} console.log('handled');`);
    const served = await serveRoutes({ $disconnect: printsEvent, $default: slow });
    const client = await Client.open(served.url);
    client.send('x');
    await gate.arrival();
    await client.close();
    const event = await disconnectOf(served);
    gate.open();

    expect(event.code).toBe(1000);
    expect(await served.output.next()).toBe('handled');
  });

  it('may fail, because its result is ignored (DC-2)', async () => {
    const echo = { source: echoes, replies: true };
    const { url, output } = await serveRoutes({
      $disconnect: does("throw new Error('late')"),
      $default: echo,
    });
    const client = await Client.open(url);
    await client.close();

    expect(await output.next()).toContain('Error: late');
    expect(await (await Client.open(url)).ask('1')).toBe(1);
  });
});
