import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../frames/capture.ts';
import { decodeFrames } from '../../frames/decode.ts';
import { faultsOf } from '../../frames/faults.ts';
import { encodeFrame } from './encode.ts';

const bytes = (lengths: fc.IntArrayConstraints) => fc.uint8Array(lengths);
/** Its bytes count up: to generate each of them at random takes seconds. */
const long = fc
  .integer({ min: 65_530, max: 65_540 })
  .map((length) => Uint8Array.from({ length }, (_none, at) => at));
const hash = (payload: Uint8Array) => createHash('sha256').update(payload).digest('hex');
const frame = fc.record({
  fin: fc.boolean(),
  opcode: fc.constantFrom(0, 1, 2, 8, 9, 10),
  payload: fc.oneof(bytes({ maxLength: 200 }), long),
  maskingKey: fc.option(bytes({ minLength: 4, maxLength: 4 }), { nil: undefined }),
});

describe('frames', () => {
  it('that follow each other are taken apart as they were put together', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 4 }), (parts) => {
        const capture = Buffer.concat(parts.map(encodeFrame));

        const decoded = decodeFrames(capture);

        expect(decoded.map(({ fin, opcode, length }) => [fin, opcode, length])).toEqual(
          parts.map(({ fin, opcode, payload }) => [fin, opcode, payload.length]),
        );
        expect(decoded.map(({ payload }) => hash(payload))).toEqual(
          parts.map(({ payload }) => hash(payload)),
        );
        expect(decoded.map(({ maskingKey }) => maskingKey && hash(maskingKey))).toEqual(
          parts.map(({ maskingKey }) => maskingKey && hash(maskingKey)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['125 bytes', 125, 7],
    ['126 bytes', 126, 16],
    ['65,535 bytes', 65_535, 16],
    ['65,536 bytes', 65_536, 64],
  ])('of %s have their length in the fewest bits', (_what, length, bits) => {
    const [decoded] = decodeFrames(encodeFrame({ fin: true, opcode: 2, payload: new Uint8Array(length) }));

    expect(decoded).toMatchObject({ length, lengthBits: bits });
    expect(decoded && faultsOf(decoded)).toEqual([]);
  });

  it.each([
    [
      'after one byte',
      '81',
      'Frame 1 is cut off: its head needs 2 bytes, and the capture has only 1 byte more.',
    ],
    [
      'in the length',
      '82 7e 01',
      'the length of its payload needs 2 bytes, and the capture has only 1 byte more.',
    ],
    [
      'in the masking key',
      '81 85 37 fa',
      'its masking key needs 4 bytes, and the capture has only 2 bytes more.',
    ],
    [
      'in the second payload',
      '89 00 81 01',
      'Frame 2 is cut off: its payload needs 1 byte, and the capture has no more.',
    ],
  ])('that end %s are refused in a sentence', (_where, capture, sentence) => {
    expect(() => decodeFrames(bytesOf(capture))).toThrow(sentence);
  });
});

describe('a frame that RFC 6455 forbids', () => {
  it.each([
    ['has a reserved opcode', '83 00', 'RFC 6455 keeps opcode 3 for later.'],
    ['is a part of a ping', '09 00', 'A control frame cannot be in parts.'],
    [
      'is a ping of 126 bytes',
      `89 7e 00 7e ${'00'.repeat(126)}`,
      'A control frame has at most 125 bytes of payload.',
    ],
    ['has a length that is too long', '82 7e 00 01 00', 'A length of 1 takes 7 bits.'],
    ['is a text that is not UTF-8', '81 01 ff', 'The text is not UTF-8.'],
    ['closes with one byte', '88 01 03', 'A close frame has no payload, or a code of two bytes.'],
    ['closes with 1006', '88 02 03 ee', 'No frame may carry the close code 1006.'],
    ['closes with a reason that is not UTF-8', '88 03 03 e8 ff', 'The reason is not UTF-8.'],
  ])('%s', (_what, capture, sentence) => {
    expect(decodeFrames(bytesOf(capture)).flatMap(faultsOf)).toEqual([sentence]);
  });
});
