import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { poster } from '../../../lambdas/aws/poster.ts';

const frame = new TextEncoder().encode('{"event":"messages"}');
const signatory = async () => ({
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' },
});

describe('the poster', () => {
  let server: Server;

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  async function posterTo(listener: RequestListener, timeoutMs = 5_000) {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return poster({ endpoint: `http://127.0.0.1:${port}/prod`, signatory, sockets: 1, timeoutMs });
  }

  it('posts the frame to the percent-encoded connection of the stage, signed', async () => {
    const seen: { request: IncomingMessage; body: string }[] = [];
    const post = await posterTo(async (request, response) => {
      seen.push({ request, body: await text(request) });
      response.end();
    });

    const status = await post('L0SM9cOFvHcCIhw=', frame);

    expect(status).toBe(200);
    expect(seen[0]?.body).toBe('{"event":"messages"}');
    expect(seen[0]?.request.method).toBe('POST');
    expect(seen[0]?.request.url).toBe('/prod/%40connections/L0SM9cOFvHcCIhw%3D');
    expect(seen[0]?.request.headers).toMatchObject({
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/us-east-1\/execute-api\//,
      ),
      'x-amz-security-token': 'token',
      'content-length': String(frame.byteLength),
    });
  });

  it('answers whatever status it was given', async () => {
    const post = await posterTo((request, response) => {
      request.resume();
      response.writeHead(410).end();
    });

    expect(await post('id=', frame)).toBe(410);
  });

  it('uses one socket for one post after the other', async () => {
    const ports = new Set<number | undefined>();
    const post = await posterTo((request, response) => {
      ports.add(request.socket.remotePort);
      request.resume();
      response.end('ignored');
    });

    await post('a=', frame);
    await post('b=', frame);

    expect(ports.size).toBe(1);
  });

  it('rejects when the connection is reset', async () => {
    const post = await posterTo((request) => request.socket.destroy());

    await expect(post('id=', frame)).rejects.toThrow();
  });

  it('gives up on a post that is not answered in time', async () => {
    const post = await posterTo((request) => request.resume(), 20);

    await expect(post('id=', frame)).rejects.toThrow('not answered in time');
  });
});
