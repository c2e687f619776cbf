import { describe, expect, it } from 'vitest';
import { requestSigner, sha256 } from '../../../lambdas/aws/request-signer.ts';
import type { RequestFacts } from '../../../local/http/request-facts.ts';
import { isSigned } from '../../../local/http/signature.ts';
import { type Signing, signed } from '../signed-fetch.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const MINUTE = 60_000;

interface Sent {
  readonly url: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** What arrives of a request that was signed by the SDK's signer. */
async function arrival({ url, ...request }: Sent, signing: Partial<Signing> = {}): Promise<RequestFacts> {
  const sent = await signed(url, request, { service: 'execute-api', at: new Date(NOW), ...signing });
  return factsOf(url, sent.method, sent.headers);
}

function factsOf(url: string, method: string, headers: Record<string, string>): RequestFacts {
  const { pathname, search, host } = new URL(url);
  return {
    method,
    path: pathname,
    rawQueryString: search.slice(1),
    headers,
    cookies: [],
    query: {},
    protocol: 'HTTP/1.1',
    sourceIp: '127.0.0.1',
    host,
    receivedAt: NOW,
  };
}

const URL_OF = 'http://localhost:8080/test/channels/a%2Fb?limit=2&limit=10&from=x%20y%2Bz&empty=';
const body = '{"data":"ä"}';
const verify = (facts: RequestFacts, sent = body) => isSigned(facts, Buffer.from(sent), 'execute-api');

describe('a signed request', () => {
  it.each([
    ['a path and a query that are encoded', { url: URL_OF }],
    ['a body', { url: URL_OF, method: 'POST', body }],
    ['headers of its own', { url: URL_OF, headers: { 'x-one': '  a   b ', 'content-type': 'text/plain' } }],
    ['nothing', { url: 'http://localhost:8080/' }],
    ['a slash at the end', { url: 'http://localhost:8080/test/' }],
  ])('is known by what the SDK signs: %s', async (_what, sent) => {
    expect(await verify(await arrival(sent), 'body' in sent ? sent.body : '')).toBe(true);
  });

  it('is known by what the functions sign', async () => {
    const by = { credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, region: 'us-east-1' };
    const request = { method: 'POST', host: 'localhost:8080', path: '/test/a%2Fb', bodyHash: sha256(body) };
    const headers = requestSigner('execute-api')(request, by, NOW);

    expect(await verify(factsOf('http://localhost:8080/test/a%2Fb', 'POST', headers))).toBe(true);
  });

  it.each([
    ['another secret', { secretAccessKey: 'real' }],
    ['another key', { accessKeyId: 'AKIDEXAMPLE' }],
    ['another region', { region: 'eu-central-1' }],
    ['another service', { service: 'lambda' }],
    ['a clock that is late', { at: new Date(NOW - 5 * MINUTE - 1000) }],
    ['a clock that is early', { at: new Date(NOW + 5 * MINUTE + 1000) }],
  ])('is not known with %s', async (_what, signing) => {
    expect(await verify(await arrival({ url: URL_OF, method: 'POST', body }, signing))).toBe(false);
  });

  it.each([-5 * MINUTE, 5 * MINUTE])('is known from a clock that is off by %d ms', async (off) => {
    const facts = await arrival({ url: URL_OF, method: 'POST', body }, { at: new Date(NOW + off) });

    expect(await verify(facts)).toBe(true);
  });

  it.each([
    ['its method', { method: 'PUT' }],
    ['its path', { path: '/test/channels/a/b' }],
    ['its query', { rawQueryString: 'limit=2' }],
    ['one value of its query', { rawQueryString: 'limit=2&limit=11&from=x%20y%2Bz&empty=' }],
  ])('is not known after %s has changed', async (_what, change) => {
    const facts = await arrival({ url: URL_OF, method: 'POST', body });

    expect([await verify(facts), await verify({ ...facts, ...change })]).toEqual([true, false]);
  });

  it.each([
    ['the host', 'host', 'evil.example'],
    ['a header that is signed', 'x-one', 'b'],
    ['the time', 'x-amz-date', '20261122T120001Z'],
    ['the hash of the body', 'x-amz-content-sha256', 'UNSIGNED-PAYLOAD'],
  ])('is not known after %s has changed', async (_what, name, value) => {
    const facts = await arrival({ url: URL_OF, method: 'POST', body, headers: { 'x-one': 'a' } });
    const headers = { ...facts.headers, [name]: value };

    expect([await verify(facts), await verify({ ...facts, headers })]).toEqual([true, false]);
  });

  it('is not known with another body', async () => {
    expect(await verify(await arrival({ url: URL_OF, method: 'POST', body }), `${body} `)).toBe(false);
  });

  it('may have headers that are not signed', async () => {
    const facts = await arrival({ url: URL_OF, method: 'POST', body });

    expect(await verify({ ...facts, headers: { ...facts.headers, 'x-forwarded-for': '::1' } })).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['a token', 'Bearer local'],
    ['the key alone', 'AWS4-HMAC-SHA256 Credential=local/20261122/us-east-1/execute-api/aws4_request'],
    [
      'no signed host',
      `AWS4-HMAC-SHA256 Credential=local/20261122/us-east-1/execute-api/aws4_request, SignedHeaders=x-amz-date, Signature=${'0'.repeat(64)}`,
    ],
    [
      'a made-up signature',
      `AWS4-HMAC-SHA256 Credential=local/20261122/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
    ],
    [
      'a signed header that was not sent',
      `AWS4-HMAC-SHA256 Credential=local/20261122/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-none, Signature=${'0'.repeat(64)}`,
    ],
  ])('is not known by %s in its authorization', async (_what, authorization) => {
    const facts = factsOf(URL_OF, 'GET', {
      host: 'localhost:8080',
      'x-amz-date': '20261122T120000Z',
      ...(authorization !== undefined && { authorization }),
    });

    expect(await verify(facts, '')).toBe(false);
  });

  it.each(['', 'yesterday', '20261322T120000Z'])('is not known without a time: %j', async (date) => {
    const facts = await arrival({ url: URL_OF });

    expect(await verify({ ...facts, headers: { ...facts.headers, 'x-amz-date': date } }, '')).toBe(false);
  });
});
