import { describe, expect, it } from 'vitest';
import { eventBody, requestEvent } from '../../../packages/local/src/http/proxy-event.ts';
import type { RequestFacts } from '../../../packages/local/src/http/request-facts.ts';

const facts: RequestFacts = {
  method: 'POST',
  path: '/test/my/path',
  rawQueryString: '',
  headers: { host: 'api.example.com:8080', 'user-agent': 'agent', connection: 'keep-alive' },
  cookies: [],
  query: {},
  protocol: 'HTTP/1.1',
  sourceIp: '127.0.0.1',
  host: 'api.example.com:8080',
  receivedAt: 1583348638390,
};

const place = {
  accountId: '000000000000',
  apiId: 'Api',
  stage: 'test',
  routeKey: 'POST /my/{name}',
  path: '/test/my/path',
  requestId: 'id',
  keepsCookieHeader: false,
};

describe('requestEvent', () => {
  it('has the members of payload format 2.0', () => {
    const full = { ...facts, rawQueryString: 'a=1&a=2', query: { a: '1,2' }, cookies: ['b=1', 'c=2'] };
    const parameters = { pathParameters: { name: 'path' }, stageVariables: { size: 'big' } };

    expect(requestEvent(full, { ...place, ...parameters })).toEqual({
      version: '2.0',
      routeKey: 'POST /my/{name}',
      rawPath: '/test/my/path',
      rawQueryString: 'a=1&a=2',
      cookies: ['b=1', 'c=2'],
      headers: {
        host: 'api.example.com:8080',
        'user-agent': 'agent',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-5e5ffb9e-[0-9a-f]{24}$/),
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': '8080',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { a: '1,2' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'Api',
        domainName: 'api.example.com:8080',
        domainPrefix: 'api',
        http: {
          method: 'POST',
          path: '/test/my/path',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'agent',
        },
        requestId: 'id',
        routeKey: 'POST /my/{name}',
        stage: 'test',
        time: '04/Mar/2020:19:03:58 +0000',
        timeEpoch: 1583348638390,
      },
      pathParameters: { name: 'path' },
      stageVariables: { size: 'big' },
    });
  });

  it('leaves out members that the request lacks', () => {
    const event = requestEvent(facts, { ...place, pathParameters: {} });

    expect(Object.keys(event)).toEqual([
      'version',
      'routeKey',
      'rawPath',
      'rawQueryString',
      'headers',
      'requestContext',
    ]);
  });

  it.each([
    [false, undefined],
    [true, 'b=1'],
  ])('has the header cookie if its place keeps it: %s', (keepsCookieHeader, cookie) => {
    const { headers } = requestEvent(
      { ...facts, headers: { ...facts.headers, cookie: 'b=1' } },
      { ...place, keepsCookieHeader },
    );

    expect(headers['cookie']).toBe(cookie);
  });

  it('adds the client to the addresses that a proxy has named', () => {
    const headers = { ...facts.headers, 'x-forwarded-for': '10.0.0.1' };

    expect(requestEvent({ ...facts, headers }, place).headers['x-forwarded-for']).toBe('10.0.0.1, 127.0.0.1');
  });
});

describe('eventBody', () => {
  it.each([
    'text/plain',
    'text/html; charset=utf-8',
    'application/json',
    'Application/JSON;charset=utf-8',
    'application/javascript',
    'application/xml',
  ])('is text if the type is %s', (type) => {
    expect(eventBody(Buffer.from('ä'), type)).toEqual({ body: 'ä', isBase64Encoded: false });
  });

  it.each([
    undefined,
    '',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'application/problem+json',
    'multipart/form-data; boundary=text/plain',
  ])('is base64 if the type is %s', (type) => {
    expect(eventBody(Buffer.from([0, 255]), type)).toEqual({ body: 'AP8=', isBase64Encoded: true });
  });

  it('is missing if the request has no body', () => {
    expect(eventBody(Buffer.alloc(0), 'application/octet-stream')).toEqual({ isBase64Encoded: false });
  });
});
