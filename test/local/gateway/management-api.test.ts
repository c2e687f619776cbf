import { once } from 'node:events';
import { connect } from 'node:net';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tellsConnectionId } from '../../fixtures/functions.ts';
import { Client } from '../client.ts';
import { managed } from '../managed.ts';
import { serveRoutes } from '../serve-routes.ts';

/** Well-formed, and never given to a connection. */
const NO_CONNECTION = 'AAAAAAAAAAAAAAA=';

interface Connected {
  readonly client: Client;
  readonly connectionId: string;
  readonly http: string;
  /** The connection's resource in the management API. */
  readonly resource: string;
}

async function connected(): Promise<Connected> {
  const { url, http } = await serveRoutes({ $default: { source: tellsConnectionId, replies: true } });
  const client = await Client.open(url);
  client.send('who am I?');
  const connectionId = await client.nextText();
  return { client, connectionId, http, resource: `${http}/@connections/${encodeURIComponent(connectionId)}` };
}

/** The SDK's own client, as functions use it. */
function sdkClient(endpoint: string): ApiGatewayManagementApiClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sdk = new ApiGatewayManagementApiClient({ endpoint, region: 'us-east-1', credentials });
  onTestFinished(() => sdk.destroy());
  return sdk;
}

describe('the management API', () => {
  it('posts the body as a text frame, and answers 200 with an empty body (MG-1)', async () => {
    const { client, resource } = await connected();
    const response = await managed(resource, { method: 'POST', body: '{"größe":1}' });

    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(await client.nextText()).toBe('{"größe":1}');
  });

  it('keeps the order of posts that wait for each other (OR-3)', async () => {
    const { client, resource } = await connected();
    for (const body of ['1', '2', '3']) await managed(resource, { method: 'POST', body });

    expect([await client.next(), await client.next(), await client.next()]).toEqual([1, 2, 3]);
  });

  it('describes a connection (MG-1)', async () => {
    const { resource } = await connected();
    const response = await managed(resource);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      connectedAt: expect.any(String),
      identity: { sourceIp: expect.any(String) },
      lastActiveAt: expect.any(String),
    });
  });

  it('deletes a connection with 204, which the client sees as 1000 (MG-1, DC-6)', async () => {
    const { client, resource } = await connected();
    const { status } = await managed(resource, { method: 'DELETE' });

    expect(status).toBe(204);
    expect(await client.closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
  });

  it('takes a body of exactly 128 KB (MG-9)', async () => {
    const { client, resource } = await connected();
    const { status } = await managed(resource, { method: 'POST', body: 'x'.repeat(131_072) });

    expect(status).toBe(200);
    expect(await client.nextText()).toHaveLength(131_072);
  });

  it('answers 413 to one byte more (MG-9)', async () => {
    const { resource } = await connected();
    const { status, headers } = await managed(resource, { method: 'POST', body: 'x'.repeat(131_073) });

    expect([status, headers.get('x-amzn-ErrorType')]).toEqual([413, 'PayloadTooLargeException']);
  });

  it('answers 400 to a body that is not UTF-8 (LM-8)', async () => {
    const { resource } = await connected();
    const { status } = await managed(resource, { method: 'POST', body: new Uint8Array([0xff]) });

    expect(status).toBe(400);
  });

  it.each(['POST', 'GET', 'DELETE'])(
    'answers 410 to %s for an id that never existed, without a body (MG-6)',
    async (method) => {
      const { http } = await connected();
      const response = await managed(`${http}/@connections/${encodeURIComponent(NO_CONNECTION)}`, { method });

      expect(response.status).toBe(410);
      expect(await response.text()).toBe('');
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'application/json',
        'content-length': '0',
        'x-amzn-errortype': 'GoneException',
        'x-amzn-requestid': expect.stringMatching(/^[\w-]{15}=$/),
      });
    },
  );

  it.each(['POST', 'GET', 'DELETE'])('answers 410 to %s once the client is gone', async (method) => {
    const { client, resource } = await connected();
    await client.close();

    expect(await managed(resource, { method })).toMatchObject({ status: 410 });
  });

  it.each(['POST', 'GET', 'DELETE'])(
    'answers 410 to %s as soon as the connection is deleted, even before its client has agreed',
    async (method) => {
      const { client, resource } = await connected();
      client.socket.pause();
      await managed(resource, { method: 'DELETE' });

      expect(await managed(resource, { method })).toMatchObject({ status: 410 });
    },
  );

  it.each(['short', 'has space', 'no!', '%', '0123456789===', 'ä'.repeat(16)])(
    'answers 400 to the malformed id %j (MG-7)',
    async (id) => {
      const { http } = await connected();
      const response = await managed(`${http}/@connections/${encodeURIComponent(id)}`, {
        method: 'POST',
        body: 'x',
      });

      expect([response.status, response.headers.get('x-amzn-ErrorType')]).toEqual([
        400,
        'BadRequestException',
      ]);
      expect(await response.json()).toEqual({ message: `Invalid connectionId: ${id}` });
    },
  );

  it('answers 400 to an id whose percent-encoding is broken (MG-7)', async () => {
    const { http } = await connected();

    expect(await managed(`${http}/@connections/%E0%A4%A`)).toMatchObject({ status: 400 });
  });

  it('takes an id that is not encoded (MG-4)', async () => {
    const { http, connectionId } = await connected();

    expect(await managed(`${http}/@connections/${connectionId}`)).toMatchObject({ status: 200 });
    expect(await managed(`${http}/%40connections/${connectionId}`)).toMatchObject({ status: 200 });
  });

  it.each(['/other/@connections/', '/@connection/', '/test/test/@connections/'])(
    'answers 403 at the wrong place %s (MG-8)',
    async (path) => {
      const { http, connectionId } = await connected();
      const response = await managed(new URL(path + encodeURIComponent(connectionId), http));

      expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }]);
    },
  );

  it('answers 403 to any other method', async () => {
    const { resource } = await connected();

    expect(await managed(resource, { method: 'PUT', body: 'x' })).toMatchObject({ status: 403 });
  });

  it('is served at the root too, as a custom domain maps it (EP-3)', async () => {
    const { http, connectionId } = await connected();
    const url = new URL(`/@connections/${encodeURIComponent(connectionId)}`, http);

    expect(await managed(url)).toMatchObject({ status: 200 });
  });

  it('survives a caller that gives up in the middle of a body', async () => {
    const { resource } = await connected();
    const { port, pathname } = new URL(resource);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`POST ${pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf`);
    await once(socket, 'connect');
    socket.destroy();
    await once(socket, 'close');

    expect(await managed(resource)).toMatchObject({ status: 200 });
  });
});

describe('the client of the AWS SDK', () => {
  it('posts, describes and deletes', async () => {
    const { client, connectionId: ConnectionId, http } = await connected();
    const sdk = sdkClient(http);
    await sdk.send(new PostToConnectionCommand({ ConnectionId, Data: '"posted"' }));
    const description = await sdk.send(new GetConnectionCommand({ ConnectionId }));
    await sdk.send(new DeleteConnectionCommand({ ConnectionId }));

    expect(await client.next()).toBe('posted');
    expect(description).toMatchObject({ ConnectedAt: expect.any(Date), LastActiveAt: expect.any(Date) });
    expect(await client.closed).toMatchObject({ code: 1000 });
  });

  it.each<[operation: string, send: (sdk: ApiGatewayManagementApiClient) => Promise<unknown>]>([
    [
      'PostToConnection',
      (sdk) => sdk.send(new PostToConnectionCommand({ ConnectionId: NO_CONNECTION, Data: 'x' })),
    ],
    ['GetConnection', (sdk) => sdk.send(new GetConnectionCommand({ ConnectionId: NO_CONNECTION }))],
    ['DeleteConnection', (sdk) => sdk.send(new DeleteConnectionCommand({ ConnectionId: NO_CONNECTION }))],
  ])('throws its GoneException at %s for a connection that is gone (MG-6)', async (_operation, send) => {
    const { http } = await connected();

    await expect(send(sdkClient(http))).rejects.toBeInstanceOf(GoneException);
  });

  it('throws its PayloadTooLargeException for a body over 128 KB (MG-9)', async () => {
    const { http, connectionId: ConnectionId } = await connected();
    const command = new PostToConnectionCommand({ ConnectionId, Data: 'x'.repeat(131_073) });

    await expect(sdkClient(http).send(command)).rejects.toBeInstanceOf(PayloadTooLargeException);
  });
});
