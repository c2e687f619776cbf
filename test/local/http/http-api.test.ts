import { describe, expect, it } from 'vitest';
import { REQUEST_BYTES } from '../../../packages/local/src/http/http-api.ts';
import { does, neverAnswers, printsEvent, returns, throws } from '../../fixtures/functions.ts';
import { Client } from '../client.ts';
import { closedGate } from '../gate.ts';
import { managed } from '../managed.ts';
import { eventOf, serveHttp } from '../serve-http.ts';

const echoes = does('return event;');

/** Status and JSON of an answer. */
async function read(response: Response): Promise<readonly [status: number, body: unknown]> {
  return [response.status, await response.json()];
}

describe('a route of the HTTP API', () => {
  it('is below the stage, and passes the request to its function', async () => {
    const { url } = await serveHttp({ 'POST /channels/{channel}/messages': echoes });
    const { host, port } = new URL(url);
    const response = await fetch(`${url}/channels/chat%3Aa%20b/messages?limit=2&tag=a&tag=b%20c`, {
      method: 'POST',
      headers: { 'X-Mixed-Case': 'Kept', cookie: 'a=1; b=2', 'content-type': 'application/json' },
      body: '{"data":"ä"}',
    });
    const event = await eventOf(response);

    expect(event).toEqual({
      version: '2.0',
      routeKey: 'POST /channels/{channel}/messages',
      rawPath: '/test/channels/chat:a b/messages',
      rawQueryString: 'limit=2&tag=a&tag=b%20c',
      cookies: ['a=1', 'b=2'],
      headers: expect.objectContaining({
        host,
        'x-mixed-case': 'Kept',
        'content-type': 'application/json',
        'content-length': '13',
        'x-forwarded-port': port,
      }),
      queryStringParameters: { limit: '2', tag: 'a,b c' },
      pathParameters: { channel: 'chat:a b' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'HttpApi',
        domainName: host,
        domainPrefix: host,
        http: {
          method: 'POST',
          path: '/test/channels/chat:a b/messages',
          protocol: 'HTTP/1.1',
          sourceIp: expect.stringMatching(/^(::1|127\.0\.0\.1)$/),
          userAgent: 'node',
        },
        requestId: response.headers.get('apigw-requestid'),
        routeKey: 'POST /channels/{channel}/messages',
        stage: 'test',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      body: '{"data":"ä"}',
      isBase64Encoded: false,
    });
    expect(event.headers).not.toHaveProperty('cookie');
  });

  it('has the answer of its function', async () => {
    const result = { statusCode: 201, headers: { 'X-Made': 'yes' }, cookies: ['a=1', 'b=2'], body: 'made' };
    const { url } = await serveHttp({ 'GET /': returns(result) });
    const response = await fetch(`${url}/`);
    const { headers } = response;

    expect([response.status, await response.text()]).toEqual([201, 'made']);
    expect([headers.get('x-made'), headers.getSetCookie(), headers.get('content-type')]).toEqual([
      'yes',
      ['a=1', 'b=2'],
      'text/plain; charset=utf-8',
    ]);
  });

  it.each(['', '/'])('at the root of the stage is found at the stage and %j', async (path) => {
    const { url } = await serveHttp({ 'GET /': returns({ ok: true }) });

    expect(await read(await fetch(url + path))).toEqual([200, { ok: true }]);
  });

  it.each([
    ['POST /', [200, 404]],
    ['ANY /', [200, 200]],
    ['$default', [200, 200]],
    ['POST /a', [426, 426]],
    ['ANY /{a+}', [426, 426]],
  ])(
    'gets the path of the stage itself, which the WebSocket API also has, if its key fits: %s',
    async (key, statuses) => {
      const { url } = await serveHttp({ [key]: returns(1) });
      const answers = await Promise.all(['POST', 'GET'].map((method) => fetch(url, { method })));

      expect(answers.map(({ status }) => status)).toEqual(statuses);
    },
  );

  it('takes bytes, and returns them', async () => {
    const source = does(
      'return { statusCode: 200, body: event.body, isBase64Encoded: event.isBase64Encoded };',
    );
    const { url } = await serveHttp({ 'PUT /{key+}': source });
    const bytes = new Uint8Array([0, 128, 255]);
    const response = await fetch(`${url}/a/b`, { method: 'PUT', body: bytes });

    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  it('answers HEAD without a body', async () => {
    const { url } = await serveHttp({ 'ANY /': returns('four') });
    const response = await fetch(url, { method: 'HEAD' });

    expect([response.headers.get('content-length'), await response.text()]).toEqual(['4', '']);
  });

  it.each([
    ['throws', throws],
    ['exits', does('process.exit(1);')],
    ['returns what is no answer', returns({ statusCode: 200, body: {} })],
  ])('is answered 500 when its function %s', async (_how, source) => {
    const { url } = await serveHttp({ 'GET /': source });

    expect(await read(await fetch(url))).toEqual([500, { message: 'Internal Server Error' }]);
  });

  it('is answered 500 when its function runs out of its own time', async () => {
    const { url } = await serveHttp({ 'GET /': { source: neverAnswers, functionTimeoutSeconds: 0.05 } });

    expect(await read(await fetch(url))).toEqual([500, { message: 'Internal Server Error' }]);
  });

  it('is answered 503 when its function takes longer than the gateway waits', async () => {
    const gate = await closedGate();
    const { url } = await serveHttp({ 'GET /': { source: does(gate.wait), integrationTimeoutMs: 50 } });

    expect(await read(await fetch(url))).toEqual([503, { message: 'Service Unavailable' }]);
  });

  it('serves others after a client that did not wait', async () => {
    const gate = await closedGate();
    const { url, output } = await serveHttp({ 'GET /': does(`${gate.wait} console.log('done'); return 1;`) });
    const leaving = new AbortController();
    const left = expect(fetch(url, { signal: leaving.signal })).rejects.toThrow('aborted');
    await gate.arrival();
    leaving.abort();
    gate.open();
    await output.next();

    await left;
    expect(await read(await fetch(url))).toEqual([200, 1]);
  });

  it.each([
    ['no route', '/other', 'GET'],
    ['no route with its method', '/a', 'DELETE'],
    ['no route, though it asks for permission', '/other', 'OPTIONS'],
  ])('is answered 404 when there is %s', async (_what, path, method) => {
    const { url } = await serveHttp({ 'GET /a': returns(1) });

    expect(await read(await fetch(url + path, { method }))).toEqual([404, { message: 'Not Found' }]);
  });

  it('takes 10 MB at most', async () => {
    const { url } = await serveHttp({ 'POST /': does('return event.body.length;') });
    const post = async (bytes: number) =>
      read(
        await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'text/plain' },
          body: 'x'.repeat(bytes),
        }),
      );

    expect(await post(REQUEST_BYTES)).toEqual([200, REQUEST_BYTES]);
    expect(await post(REQUEST_BYTES + 1)).toEqual([413, { message: 'Request Entity Too Large' }]);
  });
});

describe('a stage of its own', () => {
  it('is served below its name', async () => {
    const { runtime } = await serveHttp({ 'GET /{a}': echoes }, { stageName: 'other' });
    const { origin } = new URL(runtime.urls.http);
    const event = await eventOf(await fetch(`${origin}/other/x`));

    expect([event.rawPath, event.requestContext.stage]).toEqual(['/other/x', 'other']);
    expect((await fetch(`${origin}/otherwise/x`)).status).toBe(403);
  });

  it('that is $default is served at the root, and its paths have no stage', async () => {
    const { url } = await serveHttp({ 'ANY /': echoes, 'ANY /{a+}': echoes }, { stageName: '$default' });
    const paths = ['/', '/a/b', '/test'];
    const events = await Promise.all(paths.map(async (path) => eventOf(await fetch(url + path))));
    const posted = await eventOf(await fetch(url, { method: 'POST' }));

    expect(events.map(({ rawPath }) => rawPath)).toEqual(paths);
    expect(posted.requestContext).toMatchObject({ stage: '$default', http: { method: 'POST' } });
  });

  it('that is $default leaves the console, the management API and the APIs of AWS where they are', async () => {
    const { url, runtime } = await serveHttp({ 'ANY /{a+}': echoes }, { stageName: '$default' });
    const headers = { 'x-amz-target': 'none', 'content-type': 'application/x-amz-json-1.1' };
    const lambda = `${runtime.urls.lambda}/2015-03-31/functions/Http0Function/invocations`;
    const answers = await Promise.all([
      fetch(runtime.urls.console),
      managed(`${runtime.urls.http}/@connections/AAAAAAAAAAA=`),
      fetch(url, { method: 'POST', headers }),
      fetch(lambda, { method: 'POST', headers: { 'x-amz-invocation-type': 'DryRun' } }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([200, 410, 400, 204]);
  });
});

describe('beside the HTTP API', () => {
  it('clients connect at the stage, and @connections is below it', async () => {
    const { url, runtime } = await serveHttp({ 'ANY /{a+}': returns(1), 'ANY /': returns(1) });
    const client = await Client.open(runtime.urls.websocket);
    const { status } = await managed(`${url}/@connections/AAAAAAAAAAA=`);

    expect([client.socket.readyState, status]).toEqual([client.socket.OPEN, 410]);
  });
});

describe('the URL of the HTTP API in a variable of a function', () => {
  it('is the local URL', async () => {
    const variables = { API: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['HttpApi', 'ApiEndpoint'] }, '/test']] } };
    const calls = does("return (await fetch(process.env.API + '/called')).text();");
    const { url } = await serveHttp({
      'GET /calls': { source: calls, variables },
      'GET /called': returns('reached'),
    });

    expect(await (await fetch(`${url}/calls`)).text()).toBe('reached');
  });
});

describe('cross-origin requests', () => {
  const cors = { AllowOrigins: ['https://app.example'], AllowMethods: ['POST'], AllowHeaders: ['x-one'] };
  const asks = { origin: 'https://app.example', 'access-control-request-method': 'POST' };

  it('are allowed by the gateway, and no function runs', async () => {
    const { url, output } = await serveHttp({ 'POST /': printsEvent }, { cors });
    const preflight = await fetch(url, { method: 'OPTIONS', headers: asks });
    await fetch(url, { method: 'POST' });

    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'POST']);
    expect(JSON.parse(await output.next()).requestContext.http.method).toBe('POST');
  });

  it('get CORS headers on every answer, also of the gateway', async () => {
    const { url } = await serveHttp({ 'POST /': returns(1) }, { cors });
    const marks = await Promise.all(
      ['', '/none'].map(async (path) => {
        const { headers } = await fetch(url + path, { method: 'POST', headers: { origin: asks.origin } });
        return headers.get('access-control-allow-origin');
      }),
    );

    expect(marks).toEqual([asks.origin, asks.origin]);
  });

  it('go to a route that takes OPTIONS', async () => {
    const { url } = await serveHttp({ 'ANY /': does('return event.requestContext.http.method;') }, { cors });
    const response = await fetch(url, { method: 'OPTIONS', headers: asks });

    expect([response.status, await response.text()]).toEqual([200, 'OPTIONS']);
    expect(response.headers.get('access-control-allow-origin')).toBe(asks.origin);
  });
});
