import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestSigner, sha256 } from '../../../lambdas/aws/request-signer.ts';
import { type RequestFacts, receivedRequest } from '../../../packages/local/src/http/request-facts.ts';
import type { SigningName } from '../../../packages/local/src/signature/signer.ts';
import { verdictOn } from '../../../packages/local/src/signature/verdict.ts';
import { Sha256 } from '../sha256.ts';
import { type Signing, signed } from '../signed-fetch.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const MINUTE = 60_000;

interface Sent {
  readonly url: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

type Facts = Pick<RequestFacts, 'method' | 'path' | 'rawQueryString' | 'headers'>;

/** The received form of a request that the SDK's signer has signed. */
async function arrival({ url, ...request }: Sent, signing: Partial<Signing> = {}): Promise<Facts> {
  const sent = await signed(url, request, { service: 'execute-api', at: new Date(NOW), ...signing });
  return factsOf(url, sent.method, sent.headers);
}

function factsOf(url: string, method: string, headers: Record<string, string>): Facts {
  const { pathname, search } = new URL(url);
  return { method, path: pathname, rawQueryString: search.slice(1), headers };
}

const URL_OF = 'http://localhost:8080/test/channels/a%2Fb?limit=2&limit=10&from=x%20y%2Bz&empty=';
const body = '{"data":"ä"}';
const verdict = (facts: Facts, sent: string | Uint8Array = body) =>
  verdictOn(receivedRequest(facts), Buffer.from(sent), 'execute-api', NOW);
const verify = (facts: Facts, sent = body) => verdict(facts, sent) === 'signed';

describe('a signed request', () => {
  it.each([
    ['a path and a query that are encoded', { url: URL_OF }],
    ['a body', { url: URL_OF, method: 'POST', body }],
    ['headers of its own', { url: URL_OF, headers: { 'x-one': '  a   b ', 'content-type': 'text/plain' } }],
    ['nothing', { url: 'http://localhost:8080/' }],
    ['a slash at the end', { url: 'http://localhost:8080/test/' }],
  ])('is accepted as the SDK signs it: %s', async (_what, sent) => {
    expect(verify(await arrival(sent), 'body' in sent ? sent.body : '')).toBe(true);
  });

  it('is accepted as functions sign it', async () => {
    const by = { credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, region: 'us-east-1' };
    const request = { method: 'POST', host: 'localhost:8080', path: '/test/a%2Fb', bodyHash: sha256(body) };
    const headers = requestSigner('execute-api')(request, by, NOW);

    expect(verify(factsOf('http://localhost:8080/test/a%2Fb', 'POST', headers))).toBe(true);
  });

  it.each([
    ['another secret', { secretAccessKey: 'real' }],
    ['another key', { accessKeyId: 'AKIDEXAMPLE' }],
    ['another region', { region: 'eu-central-1' }],
    ['another service', { service: 'lambda' }],
    ['a clock that is late', { at: new Date(NOW - 5 * MINUTE - 1000) }],
    ['a clock that is early', { at: new Date(NOW + 5 * MINUTE + 1000) }],
  ])('is refused with %s', async (_what, signing) => {
    expect(verify(await arrival({ url: URL_OF, method: 'POST', body }, signing))).toBe(false);
  });

  it.each([-5 * MINUTE, 5 * MINUTE])('from a clock that is off by %d ms is accepted', async (off) => {
    const facts = await arrival({ url: URL_OF, method: 'POST', body }, { at: new Date(NOW + off) });

    expect(verify(facts)).toBe(true);
  });

  it.each([
    ['its method', { method: 'PUT' }],
    ['its path', { path: '/test/channels/a/b' }],
    ['its query', { rawQueryString: 'limit=2' }],
    ['one value of its query', { rawQueryString: 'limit=2&limit=11&from=x%20y%2Bz&empty=' }],
  ])('is refused after a change of %s', async (_what, change) => {
    const facts = await arrival({ url: URL_OF, method: 'POST', body });

    expect([verify(facts), verify({ ...facts, ...change })]).toEqual([true, false]);
  });

  it.each([
    ['the host', 'host', 'evil.example'],
    ['a header that is signed', 'x-one', 'b'],
    ['the time', 'x-amz-date', '20261122T120001Z'],
    ['the hash of the body', 'x-amz-content-sha256', 'UNSIGNED-PAYLOAD'],
  ])('is refused after a change of %s', async (_what, name, value) => {
    const facts = await arrival({ url: URL_OF, method: 'POST', body, headers: { 'x-one': 'a' } });
    const headers = { ...facts.headers, [name]: value };

    expect([verify(facts), verify({ ...facts, headers })]).toEqual([true, false]);
  });

  it('is refused with another body', async () => {
    expect(verify(await arrival({ url: URL_OF, method: 'POST', body }), `${body} `)).toBe(false);
  });

  it('may have headers that are not signed', async () => {
    const facts = await arrival({ url: URL_OF, method: 'POST', body });

    expect(verify({ ...facts, headers: { ...facts.headers, 'x-forwarded-for': '::1' } })).toBe(true);
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
  ])('is refused with %s in its authorization', async (_what, authorization) => {
    const facts = factsOf(URL_OF, 'GET', {
      host: 'localhost:8080',
      'x-amz-date': '20261122T120000Z',
      ...(authorization !== undefined && { authorization }),
    });

    expect(verify(facts, '')).toBe(false);
  });

  it.each(['', 'yesterday', '20261322T120000Z'])('is refused without a time: %j', async (date) => {
    const facts = await arrival({ url: URL_OF });

    expect(verify({ ...facts, headers: { ...facts.headers, 'x-amz-date': date } }, '')).toBe(false);
  });

  it.each([
    ['the host', 'x-amz-date;x-one', "'host' must be a 'SignedHeader'"],
    ['the time', 'host;x-one', "'x-amz-date' must be a 'SignedHeader'"],
    ['names in order', 'x-amz-date;host', 'in alphabetical order'],
    ['names that occur once', 'host;host;x-amz-date', 'in alphabetical order'],
    ['names in lower case', 'Host;host;x-amz-date', 'in alphabetical order'],
  ])('has to sign %s, also with a right signature', async (_what, names, message) => {
    const facts = await arrival({ url: URL_OF, headers: { 'x-one': 'a' } });
    const { authorization = '' } = facts.headers;
    const headers = {
      ...facts.headers,
      authorization: authorization.replace(/(?<=SignedHeaders=)[^,]+/, names),
    };

    expect(verdict({ ...facts, headers }, '')).toMatchObject({ message: expect.stringContaining(message) });
  });

  it('has to have every header that it lists', async () => {
    const facts = await arrival({ url: URL_OF, headers: { 'x-one': '' } });
    const { 'x-one': _, ...headers } = facts.headers;

    expect([verify(facts, ''), verify({ ...facts, headers }, '')]).toEqual([true, false]);
  });

  it('may not replace the body by an unsigned hash', async () => {
    const { headers, ...facts } = await arrival({ url: URL_OF, method: 'POST', body });
    const { 'x-amz-content-sha256': _, ...others } = headers;
    // It signs the hash, and so it has to send it.
    expect(verify({ ...facts, headers: others })).toBe(false);

    const by = { credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, region: 'us-east-1' };
    const request = { method: 'POST', host: 'localhost:8080', path: '/', bodyHash: 'UNSIGNED-PAYLOAD' };
    const unhashed = factsOf(
      'http://localhost:8080/',
      'POST',
      requestSigner('execute-api')(request, by, NOW),
    );
    expect(verdict(unhashed)).toMatchObject({ message: expect.stringContaining('not the hash of the body') });
  });
});

const segment = fc
  .stringMatching(/^[A-Za-z0-9._~@!$'()*+,;=:-]{0,6}$/)
  .map((text) => text.replaceAll('%', ''));
const encodedSegment = fc.oneof(
  segment,
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 5 })
    .map((text) => encodeURIComponent(text.toLowerCase())),
  fc.constantFrom('.', '..', '', '%2F', '%40connections', 'a%20b'),
);
/** No query of a URL has a name that occurs in two spellings, which the SDK cannot say. */
const query = fc.dictionary(
  fc.oneof(fc.stringMatching(/^[a-c-]{1,3}$/), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 })),
  fc.array(fc.string({ unit: 'grapheme', maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  { maxKeys: 4 },
);
const headers = fc.dictionary(fc.stringMatching(/^x-[a-z]{1,4}$/), fc.stringMatching(/^[ -~\t]{0,12}$/), {
  maxKeys: 3,
});

/** A request that the SDK signs, in the form in which it is signed and in the form in which it arrives. */
const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
  path: fc.array(encodedSegment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`),
  query,
  headers,
  body: fc.uint8Array({ maxLength: 50 }),
  service: fc.constantFrom<SigningName>('execute-api', 'lambda'),
  accessKeyId: fc.constantFrom('local', 'local-Fanfare-local-deliver'),
  host: fc.constantFrom('localhost:8080', '127.0.0.1:1', 'api.execute-api.us-east-1.amazonaws.com'),
  now: fc.integer({ min: 0, max: Date.UTC(2099, 0) }),
});

async function signedBySdk(request: typeof requests extends fc.Arbitrary<infer Request> ? Request : never) {
  const { method, path, query: values, headers: more, body: sent, service, accessKeyId, host, now } = request;
  const signer = new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'local' },
    sha256: Sha256,
  });
  const asked = {
    method,
    protocol: 'http:',
    hostname: host,
    path,
    query: values,
    headers: { ...more, host },
  };
  const { headers: all } = await signer.sign({ ...asked, body: sent }, { signingDate: new Date(now) });
  const pairs = Object.entries(values).flatMap(([name, list]) =>
    list.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  return { method, path, rawQueryString: pairs.join('&'), headers: all };
}

describe('for random requests the verdict', () => {
  it('equals that of the SDK, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const { service, now } = request;
        const facts = await signedBySdk(request);

        expect(verdictOn(receivedRequest(facts), Buffer.from(request.body), service, now)).toBe('signed');
      }),
      { numRuns: 1_000 },
    );
  });

  it('is a refusal after a change of any signed part', async () => {
    const change = fc.constantFrom<(facts: Facts) => Facts>(
      (facts) => ({ ...facts, method: `${facts.method}X` }),
      (facts) => ({ ...facts, path: `${facts.path}x` }),
      (facts) => ({ ...facts, rawQueryString: `${facts.rawQueryString}&more=` }),
      (facts) => ({ ...facts, headers: { ...facts.headers, host: 'evil.example' } }),
      (facts) => ({ ...facts, headers: { ...facts.headers, 'x-amz-content-sha256': sha256('') } }),
    );
    await fc.assert(
      fc.asyncProperty(requests, change, async (request, changed) => {
        fc.pre(request.body.length > 0);
        const { service, now } = request;
        const facts = changed(await signedBySdk(request));

        expect(verdictOn(receivedRequest(facts), Buffer.from(request.body), service, now)).not.toBe('signed');
      }),
      { numRuns: 500 },
    );
  });
});
