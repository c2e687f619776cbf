import { describe, expect, it } from 'vitest';
import { isPreflight, preflightReply, withCors } from '../../../packages/local/src/http/cors.ts';
import type { CorsConfiguration } from '../../../packages/local/src/template/resources.ts';

const cors: CorsConfiguration = {
  AllowCredentials: false,
  AllowHeaders: ['authorization', 'content-type'],
  AllowMethods: ['GET', 'POST'],
  AllowOrigins: ['https://app.example'],
  ExposeHeaders: ['date'],
  MaxAge: 300,
};

const facts = (method: string, headers: Record<string, string>) => ({
  method,
  path: '/',
  rawQueryString: '',
  headers,
  cookies: [],
  query: {},
  protocol: 'HTTP/1.1',
  sourceIp: '::1',
  host: 'localhost',
  receivedAt: 0,
});

const asked = { origin: 'https://app.example', 'access-control-request-method': 'POST' };

describe('a preflight', () => {
  it.each([
    ['OPTIONS with both headers', 'OPTIONS', asked, true],
    ['another method', 'GET', asked, false],
    ['OPTIONS without an origin', 'OPTIONS', { 'access-control-request-method': 'POST' }, false],
    ['OPTIONS without a method', 'OPTIONS', { origin: 'https://app.example' }, false],
  ])('is recognized by its headers: %s', (_what, method, headers, expected) => {
    expect(isPreflight(facts(method, headers))).toBe(expected);
  });

  it('is answered with the allowed methods and headers', () => {
    expect(preflightReply(cors, facts('OPTIONS', asked), 204)).toEqual({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://app.example',
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-max-age': '300',
      },
      cookies: [],
      body: Buffer.alloc(0),
    });
  });

  it('of another origin gets no permission', () => {
    const other = facts('OPTIONS', { ...asked, origin: 'https://evil.example' });

    expect(preflightReply(cors, other, 204)).toMatchObject({ status: 204, headers: {} });
    expect(Object.keys(preflightReply(cors, other, 204).headers)).toEqual([]);
  });
});

describe('the origins', () => {
  it.each([
    ['*', 'https://any.example', '*'],
    ['https://*', 'https://any.example', 'https://any.example'],
    ['https://*', 'http://any.example', undefined],
    ['http://*', 'http://any.example', 'http://any.example'],
    ['https://app.example', 'https://app.example', 'https://app.example'],
    ['https://app.example', 'https://app.example.evil', undefined],
    ['https://app.example', 'https://evil.app.example', undefined],
    ['https://app.example', 'null', undefined],
  ])('%s covers %s: %s', (allowed, origin, expected) => {
    const reply = withCors({ headers: {} }, { ...cors, AllowOrigins: [allowed] }, facts('GET', { origin }));

    expect(reply.headers).toMatchObject(
      expected === undefined ? {} : { 'access-control-allow-origin': expected },
    );
    expect('access-control-allow-origin' in reply.headers).toBe(expected !== undefined);
  });
});

describe('withCors', () => {
  const reply = { headers: { 'access-control-allow-origin': '*', 'content-type': 'text/plain' } };

  it('adds the headers in place of those of the function', () => {
    const configured = { ...cors, AllowCredentials: true };

    expect(withCors(reply, configured, facts('GET', { origin: 'https://app.example' })).headers).toEqual({
      'content-type': 'text/plain',
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'date',
    });
  });

  it('adds nothing for a request that names no origin', () => {
    expect(withCors(reply, cors, facts('GET', {})).headers).toEqual({ 'content-type': 'text/plain' });
  });

  it('changes nothing without a configuration', () => {
    expect(withCors(reply, undefined, facts('GET', { origin: 'https://app.example' }))).toBe(reply);
  });
});
