import { FRAME_BYTES } from 'fanfare-protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameGuard } from '../../../packages/local/src/gateway/frame-guard.ts';

/** Payload bytes that look like the header of a long frame, should they ever be taken for one. */
const TEXT_HEADER = 0x81;
const LONG_LENGTH = 0xff;
const MASK = [1, 2, 3, 4];

/** The header of a masked frame (RFC 6455, section 5.2). */
function header(length: number): Buffer {
  if (length < 126) return Buffer.from([TEXT_HEADER, 0x80 | length, ...MASK]);
  const bytes = length < 65_536 ? Buffer.alloc(2) : Buffer.alloc(8);
  if (bytes.length === 2) bytes.writeUInt16BE(length);
  else bytes.writeBigUInt64BE(BigInt(length));
  return Buffer.from([TEXT_HEADER, 0x80 | (bytes.length === 2 ? 126 : 127), ...bytes, ...MASK]);
}

const frame = (length: number) => Buffer.concat([header(length), Buffer.alloc(length, LONG_LENGTH)]);

/** Cuts bytes into chunks of these sizes, over and over. */
function chunked(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

/** How often the guard called back. */
function verdict(limit: number, chunks: readonly Buffer[]): number {
  let calls = 0;
  const watch = frameGuard(limit, () => calls++);
  for (const chunk of chunks) watch(chunk);
  return calls;
}

describe('frameGuard', () => {
  it('lets a frame of exactly 32 KB pass (LM-4)', () => {
    expect(verdict(FRAME_BYTES, [frame(32_768)])).toBe(0);
  });

  it('refuses a frame of one byte more (LM-4)', () => {
    expect(verdict(FRAME_BYTES, [frame(32_769)])).toBe(1);
  });

  it('refuses at the last byte of the header, before any payload', () => {
    const announced = header(32_769);

    expect(verdict(FRAME_BYTES, [announced.subarray(0, -1)])).toBe(0);
    expect(verdict(FRAME_BYTES, [announced])).toBe(1);
  });

  it('counts each fragment by itself (LM-4)', () => {
    expect(verdict(FRAME_BYTES, [frame(30_720), frame(30_720), frame(30_720), frame(30_720)])).toBe(0);
  });

  it('reads all eight bytes of a long length', () => {
    expect(verdict(FRAME_BYTES, [header(2 ** 32)])).toBe(1);
    expect(verdict(2 ** 32, [header(2 ** 32)])).toBe(0);
  });

  it('refuses any sequence of frames once if a frame is over the limit, in any chunks', () => {
    const limits = fc.constantFrom(200, 65_536);
    const lengths = fc.oneof(
      fc.integer({ min: 0, max: 400 }),
      fc.constantFrom(0, 125, 126, 127, 200, 201, 65_535, 65_536, 65_537),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });

    fc.assert(
      fc.property(limits, fc.array(lengths, { maxLength: 6 }), sizes, (limit, frames, chunkSizes) => {
        const bytes = Buffer.concat(frames.map(frame));
        const expected = frames.some((length) => length > limit) ? 1 : 0;
        expect(verdict(limit, chunked(bytes, chunkSizes))).toBe(expected);
      }),
    );
  });
});
