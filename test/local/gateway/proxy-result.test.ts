import { describe, expect, it } from 'vitest';
import { handshakeOf, replyOf } from '../../../packages/local/src/gateway/proxy-result.ts';

const result = (value: unknown) => ({ kind: 'result', value }) as const;

/** Invalid proxy results, by the reason. */
const malformed: [why: string, value: unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a string', 'ok'],
  ['an unknown key', { statusCode: 200, ConnectionId: 'x' }],
  ['no status', { body: 'x' }],
  ['a status that is a string', { statusCode: '200' }],
  ['a status that is no integer', { statusCode: 200.5 }],
  ['a body that is no string', { statusCode: 200, body: { type: 'pong' } }],
];

describe('replyOf', () => {
  it('is only the body (PR-4)', () => {
    expect(replyOf(result({ statusCode: 200, headers: { 'X-Custom': 'x' }, body: 'text' }))).toEqual({
      text: 'text',
    });
  });

  it('is the body for every status (PR-5)', () => {
    expect(replyOf(result({ statusCode: 500, body: 'text' }))).toEqual({ text: 'text' });
  });

  it.each([[{ statusCode: 200 }], [{ statusCode: 200, body: '' }]])('is empty for %j (PR-6)', (value) => {
    expect(replyOf(result(value))).toEqual({ text: '' });
  });

  it('accepts every key that a proxy result may have (PR-7)', () => {
    const value = {
      statusCode: 200,
      headers: { a: 'b', n: 1, y: true },
      multiValueHeaders: { c: ['d'] },
      body: 'text',
      isBase64Encoded: false,
    };

    expect(replyOf(result(value))).toEqual({ text: 'text' });
  });

  it('is empty for a body that is null (PR-6, PR-7)', () => {
    expect(replyOf(result({ statusCode: 200, headers: null, body: null }))).toEqual({ text: '' });
  });

  it.each(malformed)('is a failure for %s (PR-7)', (_why, value) => {
    expect(replyOf(result(value))).toEqual({ failure: 'Internal server error' });
  });

  it('is the decoded body of a result in base64 (PR-8)', () => {
    const body = Buffer.from('größer').toString('base64');

    expect(replyOf(result({ statusCode: 200, body, isBase64Encoded: true }))).toEqual({ text: 'größer' });
  });

  it.each([
    [{ kind: 'error', errorType: 'Error', message: 'secret' } as const, 'Internal server error'],
    [{ kind: 'died', errorType: 'Error', message: 'secret' } as const, 'Internal server error'],
    [{ kind: 'timed-out' } as const, 'Endpoint request timed out'],
  ])('has only the text of AWS for %j (ER-1)', (outcome, failure) => {
    expect(replyOf(outcome)).toEqual({ failure });
  });
});

describe('handshakeOf', () => {
  it.each([200, 204, 299])('accepts the status %d (HS-5)', (statusCode) => {
    expect(handshakeOf(result({ statusCode }))).toEqual({ accepted: true, subprotocol: undefined });
  });

  it.each([300, 401, 403, 500, 599])('refuses with the status %d itself (HS-5)', (statusCode) => {
    expect(handshakeOf(result({ statusCode }))).toEqual({ accepted: false, status: statusCode });
  });

  it.each(malformed)('refuses with 502 for %s (HS-5)', (_why, value) => {
    expect(handshakeOf(result(value))).toEqual({ accepted: false, status: 502 });
  });

  it.each([
    [{ kind: 'error', errorType: 'Error', message: '' } as const, 502],
    [{ kind: 'died', errorType: 'Error', message: '' } as const, 502],
    [{ kind: 'timed-out' } as const, 504],
  ])('refuses the result %j with %d (HS-5)', (outcome, status) => {
    expect(handshakeOf(outcome)).toEqual({ accepted: false, status });
  });

  it.each([0, 101, 199, 600, 1000, -1])(
    'refuses with 502 for %d, which no HTTP reply may have (HS-5)',
    (statusCode) => {
      expect(handshakeOf(result({ statusCode }))).toEqual({ accepted: false, status: 502 });
    },
  );

  it.each(['x\r\nSet-Cookie: a=b', 'x\ny', 'x\0', '\u{1F600}'])(
    'refuses with 502 for the subprotocol %j, which is not valid in a header',
    (subprotocol) => {
      const value = { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': subprotocol } };

      expect(handshakeOf(result(value))).toEqual({ accepted: false, status: 502 });
    },
  );

  it('takes members that are null as missing (PR-7)', () => {
    const value = {
      statusCode: 200,
      headers: null,
      multiValueHeaders: null,
      body: null,
      isBase64Encoded: null,
    };

    expect(handshakeOf(result(value))).toEqual({ accepted: true, subprotocol: undefined });
    expect(handshakeOf(result({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': null } }))).toEqual({
      accepted: true,
      subprotocol: undefined,
    });
  });

  it.each(['Sec-WebSocket-Protocol', 'sec-websocket-protocol'])(
    'takes the subprotocol from %s (HS-10)',
    (name) => {
      const value = { statusCode: 200, headers: { 'Set-Cookie': 'x=1', [name]: 'v1' }, body: 'x' };

      expect(handshakeOf(result(value))).toEqual({ accepted: true, subprotocol: 'v1' });
    },
  );
});
