import { once } from 'node:events';
import { request, type ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { jsonReply } from '../../../packages/local/src/http/http-reply.ts';
import { StreamedReply } from '../../../packages/local/src/http/streamed-reply.ts';
import { listenOnLoopback } from '../../loopback.ts';

/** More than all buffers between the two hold. */
const TOO_MUCH = Buffer.alloc(32 * 1024 * 1024);

/** An answer that has begun, and the client's side of it, which does not read yet. */
async function begun() {
  const { server, port, close } = await listenOnLoopback();
  onTestFinished(close);
  const sent = request({ host: '127.0.0.1', port, agent: false }).end();
  const [, response]: [unknown, ServerResponse] = await new Promise((resolve) =>
    server.once('request', (...both) => resolve(both)),
  );
  const reply = new StreamedReply({ response, finish: (head) => head, failure: jsonReply(502, 'failed') });
  await reply.write({ head: { contentType: 'text/plain', metadata: undefined }, bytes: new Uint8Array() });
  const [incoming] = await once(sent, 'response');
  return { reply, response, incoming };
}

describe('a streamed reply', () => {
  it('sends its head before the first chunk', async () => {
    const { reply, incoming } = await begun();

    expect([reply.begun, incoming.statusCode, incoming.headers['content-type']]).toEqual([
      true,
      200,
      'text/plain',
    ]);
  });

  it('waits until the client has room', async () => {
    const { reply, incoming } = await begun();
    const written = reply.write({ bytes: TOO_MUCH }).then(() => 'written');
    const early = await Promise.race([written, new Promise((resolve) => setImmediate(resolve, 'waiting'))]);
    incoming.resume();

    expect([early, await written]).toEqual(['waiting', 'written']);
  });

  it('stops waiting for a client that leaves, and drops later chunks', async () => {
    const { reply, incoming } = await begun();
    const written = reply.write({ bytes: TOO_MUCH });
    incoming.destroy();
    await written;

    await expect(reply.write({ bytes: TOO_MUCH })).resolves.toBeUndefined();
  });

  it('drops chunks after an answer that it had to make itself', async () => {
    const { response, incoming } = await begun();
    response.end();
    incoming.resume();
    const late = new StreamedReply({ response, finish: (head) => head, failure: jsonReply(502, 'failed') });

    await expect(late.write({ bytes: Buffer.from('x') })).resolves.toBeUndefined();
  });
});
