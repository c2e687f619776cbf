import { describe, expect, it } from 'vitest';
import { type ResultRules, replyOfResult } from '../../../packages/local/src/http/proxy-result.ts';

const rules: ResultRules = { contentType: 'text/plain', sendsStringsAsTheyAre: true };

/** Status, headers, cookies and text of the answer. */
function read(value: unknown, changes: Partial<ResultRules> = {}) {
  const reply = replyOfResult(value, { ...rules, ...changes });
  return reply && { ...reply, body: reply.body.toString() };
}

describe('replyOfResult', () => {
  it('reads status, headers, cookies and body', () => {
    const result = {
      statusCode: 201,
      headers: { 'X-Count': 3, 'X-Last': true, 'Content-Type': 'text/html' },
      cookies: ['a=1', 'b=2'],
      body: 'made',
    };

    expect(read(result)).toEqual({
      status: 201,
      headers: { 'content-type': 'text/html', 'x-count': '3', 'x-last': 'true' },
      cookies: ['a=1', 'b=2'],
      body: 'made',
    });
  });

  it('decodes a body that says that it is base64', () => {
    const reply = replyOfResult({ statusCode: 200, body: 'AP8=', isBase64Encoded: true }, rules);

    expect(reply?.body).toEqual(Buffer.from([0, 255]));
  });

  it('gives a result with a status the type of the rules unless it names one', () => {
    expect(read({ statusCode: 204 })).toEqual({
      status: 204,
      headers: { 'content-type': 'text/plain' },
      cookies: [],
      body: '',
    });
  });

  it.each([
    ['an object', { message: 'hi' }, '{"message":"hi"}'],
    ['a list', [1, 2], '[1,2]'],
    ['a number', 1, '1'],
    ['null', null, 'null'],
    ['an object with a body only', { body: 'x' }, '{"body":"x"}'],
  ])('takes %s without a status for the body, as JSON', (_what, value, body) => {
    expect(read(value)).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body,
    });
  });

  it.each([
    [true, 'Hello'],
    [false, '"Hello"'],
  ])('sends a string unchanged if the rules say so: %s', (sendsStringsAsTheyAre, body) => {
    expect(read('Hello', { sendsStringsAsTheyAre })?.body).toBe(body);
  });

  it('leaves headers of the connection to the server', () => {
    const headers = { Connection: 'close', 'Content-Length': 1, 'Transfer-Encoding': 'chunked', A: 'b' };

    expect(read({ statusCode: 200, headers })?.headers).toEqual({ 'content-type': 'text/plain', a: 'b' });
  });

  it.each([
    ['a status that is text', { statusCode: '200' }],
    ['an invalid status', { statusCode: 99 }],
    ['a status out of range', { statusCode: 600 }],
    ['a body that is no text', { statusCode: 200, body: {} }],
    ['cookies that are no list', { statusCode: 200, cookies: 'a=1' }],
    ['headers with a list', { statusCode: 200, headers: { a: ['b'] } }],
    ['the name of a header that could not be sent', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['the value of a header that could not be sent', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    ['a cookie that could not be sent', { statusCode: 200, cookies: ['a=1\r\nb: c'] }],
  ])('refuses %s', (_what, value) => {
    expect(read(value)).toBeUndefined();
  });
});
