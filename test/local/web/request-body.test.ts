import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readBody, wholeBody } from '../../../packages/local/src/web/request-body.ts';
import { listenOnLoopback } from '../../loopback.ts';

/** A request that is sent unchanged, and its socket at the client. */
async function requestOf(head: string) {
  const { server, port, close } = await listenOnLoopback();
  onTestFinished(close);
  const client = connect(port, '127.0.0.1');
  client.write(head);
  const [request]: [IncomingMessage] = await new Promise((resolve) => {
    server.once('request', (message) => resolve([message]));
  });
  return { client, request };
}

const post = (length: number, body = '') =>
  `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${body}`;

describe('the body of a request', () => {
  it('is read whole up to its limit, and is refused one byte above', async () => {
    const enough = await requestOf(post(5, 'hello'));
    const tooMuch = await requestOf(post(5, 'hello'));

    expect((await readBody(enough.request, 5))?.toString()).toBe('hello');
    expect(await readBody(tooMuch.request, 4)).toBeUndefined();
  });

  it('may come in parts', async () => {
    const { client, request } = await requestOf(post(10, 'hello'));
    const body = wholeBody(request);
    client.write('world');

    expect((await body).toString()).toBe('helloworld');
  });

  it('may be empty', async () => {
    const { request } = await requestOf(post(0));

    expect(await readBody(request, 0)).toEqual(Buffer.alloc(0));
  });

  it('fails when the client leaves in the middle of it', async () => {
    const { client, request } = await requestOf(post(10, 'hello'));
    const body = wholeBody(request);
    client.destroy();

    await expect(body).rejects.toThrow();
  });

  it('fails if the client has left before the body is read', async () => {
    const { client, request } = await requestOf(post(10, 'hello'));
    request.on('error', () => {});
    client.destroy();
    await new Promise((resolve) => request.once('close', resolve));

    await expect(wholeBody(request)).rejects.toThrow('left');
  });
});
