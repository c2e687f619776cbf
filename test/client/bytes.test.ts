/** Bytes in the data of messages. */

import { bytesOf, enveloped, isEnvelope } from 'fanfare-client/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connected } from './connected.ts';

const notEnvelopes = [
  undefined,
  null,
  1,
  'AAAA',
  [],
  {},
  { base64: 1 },
  { base64: 'AAAA', name: 'a.png' },
  new Uint8Array(2),
];

describe('an envelope', () => {
  it('returns the bytes that it was made of, as JSON carries it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1_000 }), (bytes) => {
        expect(bytesOf(JSON.parse(JSON.stringify(enveloped(bytes))))).toEqual(bytes);
      }),
    );
  });

  it('holds as many bytes as a message, and is a third longer', () => {
    const bytes = Uint8Array.from({ length: 96_000 }, (_, index) => index * 7);
    const envelope = enveloped(bytes);

    expect(envelope.base64).toHaveLength(128_000);
    expect(bytesOf(envelope)).toEqual(bytes);
  });

  it('has the form that programs in other languages read', () => {
    expect(enveloped(new Uint8Array([0, 127, 128, 255]))).toEqual({ base64: 'AH+A/w==' });
    expect(enveloped(new Uint8Array())).toEqual({ base64: '' });
  });

  it('holds the part of a buffer that a view shows', () => {
    expect(enveloped(new Uint8Array([1, 2, 3, 4]).subarray(1, 3))).toEqual(enveloped(new Uint8Array([2, 3])));
  });

  it('is what a publish takes, which refuses the bytes themselves', async () => {
    const { server, connection } = await connected();
    const channel = connection.channel('open:x');
    const bytes = new Uint8Array([1, 2, 3]);
    await channel.publish({ content: enveloped(bytes) });

    await expect(channel.publish({ content: bytes })).rejects.toMatchObject({ code: 'bad-request' });
    expect(server.commands[0]?.messages[0]?.data).toEqual({ content: { base64: 'AQID' } });
  });
});

describe.each(notEnvelopes)('%j', (data) => {
  it('is no envelope, and has no bytes', () => {
    expect(isEnvelope(data)).toBe(false);
    expect(() => bytesOf(data)).toThrow(new TypeError('The data is not an envelope of bytes.'));
  });
});

it.each(['A', 'AA==A', 'ä', '*'])('the text %j is not base64, and the error says so', (base64) => {
  expect(isEnvelope({ base64 })).toBe(true);
  expect(() => bytesOf({ base64 })).toThrow(new TypeError('The text of the envelope is not base64.'));
});
