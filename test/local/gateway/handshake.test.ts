import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  accepts,
  admits,
  does,
  neverAnswers,
  ownConnectionStatus,
  printsEvent,
  returns,
  throws,
} from '../../fixtures/functions.ts';
import { Client, refusalOf } from '../client.ts';
import { closedGate } from '../gate.ts';
import { serveRoutes } from '../serve-routes.ts';

/** The raw answer to a handshake that succeeds, which the client library may refuse. */
async function acceptanceOf(url: string, protocols: readonly string[] = []): Promise<IncomingMessage> {
  const socket = new WebSocket(url, [...protocols]);
  // `ws` fails a connection whose server chose none of the offered protocols.
  socket.on('error', () => {});
  const [response] = await once(socket, 'upgrade');
  socket.terminate();
  return response;
}

describe('the handshake', () => {
  it.each([401, 403, 500])(
    'is refused with the status that $connect returned: %d (HS-5)',
    async (statusCode) => {
      const { url } = await serveRoutes({ $connect: returns({ statusCode }) });

      expect(await refusalOf(url)).toBe(statusCode);
    },
  );

  it.each([
    ['throws', throws],
    ['returns nothing', does('')],
    ['returns no proxy result', returns({ statusCode: 200, allowed: true })],
    ['does not load', 'this is not a module'],
  ])('is refused with 502 when $connect %s (HS-5)', async (_how, source) => {
    const { url } = await serveRoutes({ $connect: source });

    expect(await refusalOf(url)).toBe(502);
  });

  it('is refused with 504 when the integration times out (HS-5)', async () => {
    const { url } = await serveRoutes({ $connect: { source: neverAnswers, integrationTimeoutMs: 50 } });

    expect(await refusalOf(url)).toBe(504);
  });

  it('is refused with 502 when the function runs out of its own time first (HS-5)', async () => {
    const { url } = await serveRoutes({ $connect: { source: neverAnswers, functionTimeoutSeconds: 0.05 } });

    expect(await refusalOf(url)).toBe(502);
  });

  it('is refused with the status, without the body (HS-7)', async () => {
    const { url } = await serveRoutes({ $connect: returns({ statusCode: 401, body: 'secret' }) });
    const [, response] = await once(
      new WebSocket(url).on('error', () => {}),
      'unexpected-response',
    );
    const chunks = await response.toArray();

    expect(chunks).toEqual([]);
    expect(response.headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '0' });
  });

  it.each([
    [401, 'UnauthorizedException'],
    [418, 'InternalServerErrorException'],
  ])('is refused with the headers of an error of AWS: %d (HS-8)', async (statusCode, type) => {
    const { url } = await serveRoutes({ $connect: returns({ statusCode }) });
    const [, response] = await once(
      new WebSocket(url).on('error', () => {}),
      'unexpected-response',
    );

    expect(response.headers).toMatchObject({
      'x-amzn-requestid': expect.stringMatching(/^[\w-]{15}=$/),
      'x-amzn-errortype': type,
    });
  });

  it('succeeds from any origin, because the app has to check origins (WF-6)', async () => {
    // Without an authorizer, the local runtime lets in pages of this machine only.
    const { url, output } = await serveRoutes({
      $connect: { source: printsEvent, authorizer: { source: admits } },
    });
    await Client.open(url, [], { Origin: 'https://elsewhere.example' });

    expect(JSON.parse(await output.next())).toMatchObject({
      headers: { Origin: 'https://elsewhere.example' },
    });
  });

  it('succeeds if $connect is MOCK (MK-7)', async () => {
    const { url } = await serveRoutes({ $connect: { mock: 'no client gets this' } });
    const client = await Client.open(url);

    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });

  it('succeeds without a $connect route (HS-3)', async () => {
    const { url } = await serveRoutes({});
    const client = await Client.open(url);

    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('is answered only after $connect has answered (HS-1)', async () => {
    const gate = await closedGate();
    const { url, http } = await serveRoutes({ $connect: does(`${gate.wait} return { statusCode: 403 };`) });
    const refused = refusalOf(url);

    await gate.arrival();
    const first = await Promise.race([refused, fetch(http).then(() => 'still pending')]);
    gate.open();

    expect([first, await refused]).toEqual(['still pending', 403]);
  });

  it.each(['GET', 'POST', 'DELETE'] as const)(
    'makes %s of the connection fail with 410 until $connect has answered (HS-15)',
    async (method) => {
      const source = does(`return { statusCode: ${ownConnectionStatus(method)} };`);
      const { url } = await serveRoutes({ $connect: source });

      expect(await refusalOf(url)).toBe(410);
    },
  );

  it('makes the connection known once $connect has answered (HS-15)', async () => {
    const whether = does(`return { statusCode: 200, body: String(${ownConnectionStatus('GET')}) };`);
    const { url } = await serveRoutes({ $connect: accepts, $default: { source: whether, replies: true } });
    const client = await Client.open(url);

    expect(await client.ask('known?')).toBe(200);
  });

  it('discards the body and the headers of the result (HS-6)', async () => {
    const result = { statusCode: 200, headers: { 'Set-Cookie': 'a=b', 'X-Custom': 'c' }, body: 'welcome' };
    const { url } = await serveRoutes({ $connect: returns(result) });
    const { headers } = await acceptanceOf(url);

    expect(Object.keys(headers).sort()).toEqual(['connection', 'sec-websocket-accept', 'upgrade']);
  });

  it('never chooses a subprotocol by itself (HS-11)', async () => {
    const { url } = await serveRoutes({ $connect: accepts });
    const { statusCode, headers } = await acceptanceOf(url, ['v1', 'v2']);

    expect(statusCode).toBe(101);
    expect(headers).not.toHaveProperty('sec-websocket-protocol');
  });

  it.each(['v2', 'never-offered'])(
    'chooses the subprotocol that $connect returned: %s (HS-10, HS-14)',
    async (name) => {
      const chosen = returns({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': name } });
      const { url } = await serveRoutes({ $connect: chosen });
      const { headers } = await acceptanceOf(url, ['v1', 'v2']);

      expect(headers['sec-websocket-protocol']).toBe(name);
    },
  );

  it('never compresses (KA-5)', async () => {
    const { url } = await serveRoutes({});
    const { headers } = await acceptanceOf(url);

    expect(headers).not.toHaveProperty('sec-websocket-extensions');
  });

  it('passes the request of the client to $connect (EV-1, EV-2, EV-3, EV-8)', async () => {
    const { url, output } = await serveRoutes({ $connect: printsEvent });
    const headers = { 'X-Custom-Casing': 'kept', 'User-Agent': 'tests' };
    const socket = new WebSocket(`${url}?channel=a&channel=b`, ['v1'], { headers });
    socket.on('error', () => {});

    expect(JSON.parse(await output.next())).toMatchObject({
      headers: { 'X-Custom-Casing': 'kept', 'Sec-WebSocket-Protocol': 'v1', Host: new URL(url).host },
      multiValueQueryStringParameters: { channel: ['a', 'b'] },
      requestContext: {
        domainName: new URL(url).host,
        apiId: 'Api',
        stage: 'test',
        identity: { sourceIp: expect.stringMatching(/^(127\.0\.0\.1|::1)$/), userAgent: 'tests' },
      },
    });
  });

  it('passes what the front of AWS adds, one trace for the authorizer and $connect (EV-1)', async () => {
    const { url, output } = await serveRoutes({ $connect: printsEvent });
    const headers = { 'x-forwarded-for': '192.0.2.1', 'X-Forwarded-Proto': 'gopher' };
    new WebSocket(url, { headers }).on('error', () => {});

    const event = JSON.parse(await output.next());
    expect(event.headers).toMatchObject({
      'X-Forwarded-For': expect.stringMatching(/^192\.0\.2\.1, (127\.0\.0\.1|::1)$/),
      'X-Forwarded-Port': new URL(url).port,
      'X-Forwarded-Proto': 'http',
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
    expect(Object.keys(event.headers).filter((name) => /^x-forwarded-/i.test(name))).toHaveLength(3);
  });

  it('is refused with 400 before $connect runs if it is incomplete', async () => {
    const { url, output } = await serveRoutes({ $connect: printsEvent });
    const { hostname, port, pathname: path } = new URL(url);
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
    const [response] = await once(request({ hostname, port, path, headers }).end(), 'response');
    await Client.open(`${url}?complete=yes`);

    expect(response.statusCode).toBe(400);
    expect(JSON.parse(await output.next())).toMatchObject({ queryStringParameters: { complete: 'yes' } });
  });

  it('runs $disconnect for a client that left before the answer', async () => {
    const gate = await closedGate();
    const { url, output } = await serveRoutes({
      $connect: does(`${gate.wait} return { statusCode: 200 };`),
      $disconnect: printsEvent,
    });
    const socket = new WebSocket(url);
    const closed = new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));

    await gate.arrival();
    socket.terminate();
    await closed;
    gate.open();

    expect(JSON.parse(await output.next())).toMatchObject({ requestContext: { disconnectStatusCode: 1006 } });
  });

  it.each(['', '?a=b', '/', '/?a=b'])('is served at the stage, with %j after it (EP-1)', async (rest) => {
    const { url } = await serveRoutes({});

    expect(await acceptanceOf(`${url}${rest}`)).toMatchObject({ statusCode: 101 });
  });

  it('is served at the root, as a custom domain maps it (EP-3)', async () => {
    const { url } = await serveRoutes({});

    expect(await acceptanceOf(new URL('/', url).href)).toMatchObject({ statusCode: 101 });
  });

  it.each(['/other', '/tests', '/test//', '/test/more'])(
    'is refused with 403 at %s (EP-1, HS-9)',
    async (path) => {
      const { url } = await serveRoutes({});

      expect(await refusalOf(new URL(path, url).href)).toBe(403);
    },
  );

  it('is demanded with 426 if the request for the stage is not an upgrade (HS-9)', async () => {
    const { http } = await serveRoutes({});

    expect(await fetch(http)).toMatchObject({ status: 426 });
  });
});
