import { describe, expect, it } from 'vitest';
import { SYNCHRONOUS_BYTES } from '../../../packages/local/src/functions/invoke-api.ts';
import { does, neverAnswers, printsEvent, returns, throws } from '../../fixtures/functions.ts';
import { functionResource, functionUrlResource } from '../../fixtures/http-template.ts';
import { CALLED, eventOf, serveHttp, serveUrl } from '../serve-http.ts';
import { signed } from '../signed-fetch.ts';

const echoes = does('return event;');

describe('the URL of a function', () => {
  it('ends in a slash, and is below the name of the function', async () => {
    const { runtime } = await serveUrl(echoes);
    const { port } = new URL(runtime.urls.http);

    expect(runtime.urls.functionUrls).toEqual({ [CALLED]: `http://localhost:${port}/lambda-url/${CALLED}/` });
  });

  it('passes the request to the function', async () => {
    const { url } = await serveUrl(echoes);
    const { host } = new URL(url);
    const request = { method: 'PATCH', headers: { cookie: 'a=1', 'content-type': 'text/plain' }, body: 'x' };
    const event = await eventOf(await fetch(`${url}/my/a%2Fb?q=1&q=2`, request));

    expect(event).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/my/a%2Fb',
      rawQueryString: 'q=1&q=2',
      cookies: ['a=1'],
      headers: expect.objectContaining({ host, cookie: 'a=1', 'content-type': 'text/plain' }),
      queryStringParameters: { q: '1,2' },
      requestContext: {
        accountId: 'anonymous',
        apiId: 'calledurl',
        domainName: host,
        domainPrefix: host,
        http: {
          method: 'PATCH',
          path: '/my/a%2Fb',
          protocol: 'HTTP/1.1',
          sourceIp: expect.any(String),
          userAgent: 'node',
        },
        requestId: expect.any(String),
        routeKey: '$default',
        stage: '$default',
        time: expect.any(String),
        timeEpoch: expect.any(Number),
      },
      body: 'x',
      isBase64Encoded: false,
    });
  });

  it.each(['', '/'])('has the path / at its root, for requests of %j', async (path) => {
    const { url } = await serveUrl(echoes);

    expect((await eventOf(await fetch(url + path))).rawPath).toBe('/');
  });

  it('runs the function under the request id of the event', async () => {
    const source = `export const handler = async (event, { awsRequestId }) =>
      awsRequestId === event.requestContext.requestId;`;
    const { url } = await serveUrl(source);

    expect(await (await fetch(url)).json()).toBe(true);
  });

  it.each([
    ['text', returns('Hello'), 200, '"Hello"', 'application/json'],
    ['a status', returns({ statusCode: 418, body: 'tea' }), 418, 'tea', 'application/json'],
    [
      'a type',
      returns({ statusCode: 200, headers: { 'Content-Type': 'text/html' }, body: '' }),
      200,
      '',
      'text/html',
    ],
    ['nothing of the kind', returns({ statusCode: 'x' }), 502, 'Internal Server Error', 'application/json'],
    ['an error', throws, 502, 'Internal Server Error', 'application/json'],
  ])('answers with %s', async (_what, source, status, body, type) => {
    const { url } = await serveUrl(source);
    const response = await fetch(url);

    expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([
      status,
      body,
      type,
    ]);
  });

  it('answers 502 when the function runs out of time', async () => {
    const { url } = await serveUrl(neverAnswers, {}, { functionTimeoutSeconds: 0.05 });

    expect((await fetch(url)).status).toBe(502);
  });

  it('takes 6 MB at most', async () => {
    const { url } = await serveUrl(does('return event.body.length;'));
    const post = async (bytes: number) => {
      const headers = { 'content-type': 'text/plain' };
      return (await fetch(url, { method: 'POST', headers, body: 'x'.repeat(bytes) })).status;
    };

    expect([await post(SYNCHRONOUS_BYTES), await post(SYNCHRONOUS_BYTES + 1)]).toEqual([200, 413]);
  });

  it('does not exist for a function without one', async () => {
    const { url } = await serveUrl(echoes);

    expect((await fetch(url.replace(CALLED, 'Other'))).status).toBe(404);
  });

  it('is the local URL in a variable of another function', async () => {
    const variables = { TARGET: { 'Fn::GetAtt': ['CalledUrl', 'FunctionUrl'] } };
    const more = {
      [CALLED]: functionResource({ code: 'route1' }),
      CalledUrl: functionUrlResource(CALLED),
    };
    const calls = does("return (await fetch(process.env.TARGET + 'there')).text();");
    const { url } = await serveHttp(
      { 'GET /calls': { source: calls, variables }, 'GET /called': does('return event.rawPath;') },
      { more },
    );

    expect(await (await fetch(`${url}/calls`)).text()).toBe('"/there"');
  });
});

describe('the URL of a function with AWS_IAM', () => {
  it('takes only requests that are signed for Lambda', async () => {
    const { url } = await serveUrl(echoes, { AuthType: 'AWS_IAM' });
    const target = `${url}/a?b=c`;
    const request = { method: 'POST', body: 'x' };
    const answers = await Promise.all([
      fetch(target, await signed(target, request, { service: 'lambda' })),
      fetch(target, await signed(target, request, { service: 'execute-api' })),
      fetch(target, request),
    ]);
    const [event, ...refusals] = await Promise.all(answers.map(eventOf));

    expect(answers.map(({ status }) => status)).toEqual([200, 403, 403]);
    expect(refusals).toEqual([{ Message: 'Forbidden' }, { Message: 'Forbidden' }]);
    expect(event.requestContext).toMatchObject({
      accountId: '000000000000',
      authorizer: { iam: { accessKey: 'local' } },
    });
  });
});

describe('the URL of a function with Cors', () => {
  const asks = { origin: 'https://app.example', 'access-control-request-method': 'POST' };

  it('allows other origins by itself, without a signature', async () => {
    const Cors = { AllowOrigins: [asks.origin], AllowMethods: ['POST'] };
    const { url, output } = await serveUrl(printsEvent, { Cors, AuthType: 'AWS_IAM' });
    const preflight = await fetch(url, { method: 'OPTIONS', headers: asks });
    const request = { method: 'POST', headers: { origin: asks.origin } };
    const response = await fetch(url, await signed(url, request, { service: 'lambda' }));

    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST');
    expect(response.headers.get('access-control-allow-origin')).toBe(asks.origin);
    expect(JSON.parse(await output.next()).requestContext.http.method).toBe('POST');
  });

  it('keeps the headers of the function if it has no Cors', async () => {
    const { url } = await serveUrl(does('return event.requestContext.http.method;'));
    const headers = { ...asks, origin: 'http://localhost:5173' };
    const response = await fetch(url, { method: 'OPTIONS', headers });

    expect([await response.json(), response.headers.get('access-control-allow-origin')]).toEqual([
      'OPTIONS',
      null,
    ]);
  });
});
