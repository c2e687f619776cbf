import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  authorizerEvent,
  connectEvent,
  disconnectEvent,
  messageEvent,
} from '../../../packages/local/src/gateway/events.ts';
import { newConnectionId, newRequestId } from '../../../packages/local/src/web/ids.ts';

const facts = {
  connectionId: 'R1kmxc2VNjMCFIA=',
  connectedAt: 1707502303419,
  domainName: 'localhost:8080',
  apiId: 'Api',
  stage: 'test',
  identity: { sourceIp: '127.0.0.1', userAgent: 'test' },
};

/** The common members of the context of every event. */
const context = {
  ...facts,
  messageDirection: 'IN',
  requestId: 'request',
  extendedRequestId: 'request',
  requestTime: '09/Feb/2024:18:11:43 +0000',
  requestTimeEpoch: 1707502303420,
};

/** An upgrade request, with headers in the order and casing of the wire. */
function upgradeRequest(url: string, ...rawHeaders: string[]): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.url = url;
  request.rawHeaders = rawHeaders;
  return request;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1707502303420 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('connectEvent', () => {
  it('has exactly the members of the sample by AWS (EV-1, EV-2, EV-4, EV-5, EV-6)', () => {
    const event = connectEvent(facts, upgradeRequest('/test', 'Host', 'localhost:8080'), 'request');

    expect(event).toStrictEqual({
      headers: { Host: 'localhost:8080' },
      multiValueHeaders: { Host: ['localhost:8080'] },
      requestContext: { ...context, routeKey: '$connect', eventType: 'CONNECT' },
      isBase64Encoded: false,
    });
  });

  it('has the query string only if there is one, with the last of repeated parameters (EV-2)', () => {
    const event = connectEvent(facts, upgradeRequest('/test?a=1&b=x%20y&a=2&c'), 'request');

    expect(event).toMatchObject({
      queryStringParameters: { a: '2', b: 'x y', c: '' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: ['x y'], c: [''] },
    });
  });

  it('keeps the casing of headers, and leaves out those of the connection itself (EV-3)', () => {
    const wire = ['X-Custom', '1', 'x-lower', '2', 'CONNECTION', 'Upgrade', 'Upgrade', 'websocket'];
    const event = connectEvent(facts, upgradeRequest('/test', ...wire, 'Content-Length', '0'), 'request');

    expect(event.headers).toStrictEqual({ 'X-Custom': '1', 'x-lower': '2' });
    expect(event.multiValueHeaders).toStrictEqual({ 'X-Custom': ['1'], 'x-lower': ['2'] });
  });

  it('has every value of a repeated header', () => {
    const event = connectEvent(facts, upgradeRequest('/test', 'X-Tag', 'a', 'X-Tag', 'b'), 'request');

    expect(event.headers).toStrictEqual({ 'X-Tag': 'b' });
    expect(event.multiValueHeaders).toStrictEqual({ 'X-Tag': ['a', 'b'] });
  });

  it.each(['constructor', 'toString', '__proto__'])('has a parameter named %s like any other', (name) => {
    const event = connectEvent(facts, upgradeRequest(`/test?${name}=x`, name, 'y'), 'request');

    expect(Object.entries(event.multiValueQueryStringParameters ?? {})).toEqual([[name, ['x']]]);
    expect(Object.entries(event.multiValueHeaders)).toEqual([[name, ['y']]]);
  });
});

describe('authorizerEvent', () => {
  const methodArn = 'arn:aws:execute-api:us-east-1:000000000000:Api/test/$connect';

  it('has exactly the members that AWS documents (EV-9)', () => {
    const wire = ['Host', 'localhost:8080', 'connection', 'Upgrade', 'UPGRADE', 'WebSocket'];

    expect(authorizerEvent(facts, upgradeRequest('/test', ...wire), 'request')).toStrictEqual({
      type: 'REQUEST',
      methodArn,
      headers: {
        Host: 'localhost:8080',
        Connection: 'upgrade',
        Upgrade: 'websocket',
        'content-length': '0',
      },
      multiValueHeaders: {
        Host: ['localhost:8080'],
        Connection: ['upgrade'],
        Upgrade: ['websocket'],
        'content-length': ['0'],
      },
      queryStringParameters: {},
      multiValueQueryStringParameters: {},
      stageVariables: {},
      requestContext: { ...context, routeKey: '$connect', eventType: 'CONNECT' },
    });
  });

  it('has the query string, with the last of repeated parameters', () => {
    expect(authorizerEvent(facts, upgradeRequest('/test?a=1&a=2'), 'request')).toMatchObject({
      queryStringParameters: { a: '2' },
      multiValueQueryStringParameters: { a: ['1', '2'] },
    });
  });
});

describe('messageEvent', () => {
  it('has no headers and no query string, and the body exactly as received (EV-10, EV-11, EV-12)', () => {
    const event = messageEvent(facts, 'say', '{\r\n\t"a": 1\r\n}', 'request');

    expect(event).toStrictEqual({
      requestContext: {
        ...context,
        routeKey: 'say',
        eventType: 'MESSAGE',
        messageId: expect.stringMatching(/^[\w-]{15}=$/),
      },
      body: '{\r\n\t"a": 1\r\n}',
      isBase64Encoded: false,
    });
  });
});

describe('disconnectEvent', () => {
  it('has the code, the reason and the degenerate headers of AWS (DC-3, DC-4, EV-15)', () => {
    expect(disconnectEvent(facts, 1001, 'Going away', 'request')).toStrictEqual({
      headers: { Host: 'localhost:8080', 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' },
      multiValueHeaders: {
        Host: ['localhost:8080'],
        'x-api-key': [''],
        'X-Forwarded-For': [''],
        'x-restapi': [''],
      },
      requestContext: {
        ...context,
        routeKey: '$disconnect',
        eventType: 'DISCONNECT',
        disconnectStatusCode: 1001,
        disconnectReason: 'Going away',
      },
      isBase64Encoded: false,
    });
  });
});

describe.each([
  ['newConnectionId', newConnectionId],
  ['newRequestId', newRequestId],
])('%s', (_name, newId) => {
  it('is 16 characters of URL-safe base64 that end in = (EV-7)', () => {
    const ids = Array.from({ length: 200 }, newId);

    expect(ids.filter((id) => !/^[\w-]{15}=$/.test(id))).toEqual([]);
  });

  it('is never the same twice', () => {
    expect(new Set(Array.from({ length: 1_000 }, newId)).size).toBe(1_000);
  });
});
