import type { IncomingMessage, RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { poster } from '../../../lambdas/aws/poster.ts';
import { listenOnLoopback } from '../../loopback.ts';

const frame = new TextEncoder().encode('{"event":"messages"}');
const signatory = async () => ({
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' },
});

describe('the poster', () => {
  afterEach(() => void vi.useRealTimers());

  const posterAt = (url: string, timeoutMs = 5_000, by = signatory) =>
    poster({ endpoint: `${url}/prod`, signatory: by, sockets: 1, timeoutMs });

  async function posterTo(listener: RequestListener, timeoutMs?: number, by?: typeof signatory) {
    const { url, close } = await listenOnLoopback(listener);
    onTestFinished(close);
    return posterAt(url, timeoutMs, by);
  }

  it('posts the frame to the percent-encoded connection of the stage, signed', async () => {
    const seen: { request: IncomingMessage; body: string }[] = [];
    const post = await posterTo(async (request, response) => {
      seen.push({ request, body: await text(request) });
      response.end();
    });

    const outcome = await post('L0SM9cOFvHcCIhw=', frame);

    expect(outcome).toBe('sent');
    expect(seen[0]?.body).toBe('{"event":"messages"}');
    expect(seen[0]?.request.method).toBe('POST');
    expect(seen[0]?.request.url).toBe('/prod/%40connections/L0SM9cOFvHcCIhw%3D');
    expect(seen[0]?.request.headers).toMatchObject({
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/us-east-1\/execute-api\//,
      ),
      'x-amz-security-token': 'token',
      'content-type': 'application/octet-stream',
      'content-length': String(frame.byteLength),
    });
  });

  it('sends the content type that the SDK sends', async () => {
    const types: (string | undefined)[] = [];
    const { url, close } = await listenOnLoopback((request, response) => {
      types.push(request.headers['content-type']);
      request.resume();
      response.end();
    });
    onTestFinished(close);
    const client = new ApiGatewayManagementApiClient({ endpoint: `${url}/prod`, ...(await signatory()) });

    await client.send(new PostToConnectionCommand({ ConnectionId: 'id=', Data: frame }));
    await posterAt(url)('id=', frame);

    client.destroy();
    expect(types).toEqual(['application/octet-stream', 'application/octet-stream']);
  });

  it.each([
    [200, 'sent'],
    [410, 'gone'],
    [429, 'throttled'],
    [500, 'failed'],
    [503, 'failed'],
    [408, 'failed'],
  ])('counts a %i as %s', async (status, outcome) => {
    const post = await posterTo((request, response) => {
      request.resume();
      response.writeHead(status).end();
    });

    expect(await post('id=', frame)).toBe(outcome);
  });

  it.each([
    [400, 'this post'],
    [401, 'every post'],
    [403, 'every post'],
    [404, 'every post'],
    [413, 'every post'],
    [302, 'every post'],
  ])('counts a %i as a refusal of %s, with the reason in the answer', async (status, refused) => {
    const post = await posterTo((request, response) => {
      request.resume();
      response.writeHead(status, { 'x-amzn-ErrorType': 'SomeException:http://internal.example/' });
      response.end('{"message":"You may not: \\"x\\"."}');
    });

    const reason = `${status} SomeException: You may not: \\"x\\".`;
    expect(await post('id=', frame)).toEqual({ refused, reason });
  });

  it.each([
    ['line by line', 'The signature does not match.\n\nPOST\nx-amz-security-token:secret'],
    ['in a sentence', "No equal-sign in Authorization header: 'AWS4-HMAC-SHA256 Credential=secret'"],
    ['in a key', "'Credential=secret/20261122/us-east-1' is no key"],
    ['after much else', `${'long '.repeat(2_000)}secret`],
  ])(
    'keeps headers and credentials out of the reason, although the answer repeats the request %s',
    async (_how, message) => {
      const post = await posterTo((request, response) => {
        request.resume();
        response.writeHead(403, { 'x-amzn-ErrorType': 'InvalidSignatureException' });
        response.end(JSON.stringify({ message }));
      });

      const outcome = await post('id=', frame);

      expect(outcome).toMatchObject({ refused: 'every post' });
      expect(JSON.stringify(outcome)).not.toMatch(/secret|token|Credential/);
      expect(JSON.stringify(outcome).length).toBeLessThan(400);
    },
  );

  it('gives a reason for a refusal without a body', async () => {
    const post = await posterTo((request, response) => {
      request.resume();
      response.writeHead(403).end();
    });

    expect(await post('id=', frame)).toEqual({ refused: 'every post', reason: '403' });
  });

  it('counts a post as refused when there are no credentials to sign with', async () => {
    const noCredentials = Object.assign(new Error('none found'), { name: 'CredentialsProviderError' });
    const post = posterAt('http://127.0.0.1:1', 20, () => Promise.reject(noCredentials));

    expect(await post('id=', frame)).toEqual({
      refused: 'every post',
      reason: 'CredentialsProviderError: none found',
    });
  });

  it('says why posts failed', async () => {
    const { url, close } = await listenOnLoopback();
    await close();
    const reasons: string[] = [];
    const onFailure = (reason: string) => reasons.push(reason);
    const post = poster({ endpoint: url, signatory, sockets: 1, timeoutMs: 20, onFailure });

    await post('id=', frame);

    expect(reasons).toEqual(['ECONNREFUSED']);
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

  it('counts a post as failed when the connection is reset, and uses another socket for the next post', async () => {
    let requests = 0;
    const post = await posterTo((request, response) => {
      requests += 1;
      if (requests === 1) request.socket.destroy();
      else response.end();
    });

    expect(await post('id=', frame)).toBe('failed');
    expect(await post('id=', frame)).toBe('sent');
  });

  it('counts a post as failed when no answer comes in time', async () => {
    const post = await posterTo((request) => request.resume(), 20);

    expect(await post('id=', frame)).toBe('failed');
  });

  it('counts a post as failed when no server listens', async () => {
    const { url, close } = await listenOnLoopback();
    await close();
    const post = posterAt(url);

    expect(await post('id=', frame)).toBe('failed');
  });

  it('asks for credentials once for many posts, and again when they are old', async () => {
    let asked = 0;
    const post = await posterTo(
      (request, response) => {
        request.resume();
        response.end();
      },
      5_000,
      async () => {
        asked += 1;
        return signatory();
      },
    );

    for (let n = 0; n < 10; n++) await post('id=', frame);
    expect(asked).toBe(1);

    // Long before a provider would refresh them.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    await post('id=', frame);
    expect(asked).toBe(2);
  });
});
