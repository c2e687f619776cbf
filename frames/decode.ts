/** Takes WebSocket frames apart, as RFC 6455 section 5.2 lays them out. */

import { CaptureError } from './capture.ts';
import { counted } from './payload.ts';

/** How many bits the frame uses for the length of its payload. */
export type LengthBits = 7 | 16 | 64;

export interface Frame {
  /** The whole frame, as it was sent. */
  readonly bytes: Uint8Array;
  readonly fin: boolean;
  /** RSV1, RSV2 and RSV3, as a number of three bits. */
  readonly rsv: number;
  readonly opcode: number;
  readonly lengthBits: LengthBits;
  /** The bytes behind the first two, which have the length if 7 bits are not enough. */
  readonly lengthBytes: Uint8Array;
  readonly length: number;
  /** Absent if the frame is not masked. */
  readonly maskingKey?: Uint8Array;
  /** The payload as it was sent. */
  readonly sent: Uint8Array;
  /** The payload without its mask. */
  readonly payload: Uint8Array;
}

/** @throws CaptureError when the bytes end inside of a frame. */
export function decodeFrames(bytes: Uint8Array): readonly Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const frame = decodeFrame(new Reader(bytes, at, frames.length + 1));
    frames.push(frame);
    at += frame.bytes.length;
  }
  return frames;
}

/** Takes bytes from the front of a frame, and says what is missing when there are too few. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #number: number;
  #at: number;

  constructor(bytes: Uint8Array, start: number, number: number) {
    this.#bytes = bytes;
    this.#start = start;
    this.#number = number;
    this.#at = start;
  }

  take(count: number, what: string): Uint8Array {
    const left = this.#bytes.length - this.#at;
    if (count > left)
      throw new CaptureError(
        `Frame ${this.#number} is cut off: ${what} needs ${counted(count)}, and the capture has ${left === 0 ? 'no more' : `only ${counted(left)} more`}.`,
      );
    const end = this.#at + count;
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  taken(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#at);
  }
}

function decodeFrame(reader: Reader): Frame {
  const [first = 0, second = 0] = reader.take(2, 'its head');
  const lengthBits = bitsOfLength(second & 0x7f);
  const lengthBytes = reader.take(lengthBits === 7 ? 0 : lengthBits / 8, 'the length of its payload');
  const length = lengthBits === 7 ? second & 0x7f : lengthOf(lengthBytes);
  const maskingKey = second & 0x80 ? reader.take(4, 'its masking key') : undefined;
  const sent = reader.take(length, 'its payload');
  return {
    bytes: reader.taken(),
    fin: (first & 0x80) !== 0,
    rsv: (first >> 4) & 0x7,
    opcode: first & 0x0f,
    lengthBits,
    lengthBytes,
    length,
    ...(maskingKey && { maskingKey }),
    sent,
    payload: maskingKey ? unmasked(sent, maskingKey) : sent,
  };
}

function bitsOfLength(code: number): LengthBits {
  if (code === 126) return 16;
  return code === 127 ? 64 : 7;
}

/** The first byte is the highest. */
function lengthOf(bytes: Uint8Array): number {
  return bytes.reduce((length, byte) => length * 256 + byte, 0);
}

function unmasked(sent: Uint8Array, key: Uint8Array): Uint8Array {
  return sent.map((byte, index) => byte ^ (key[index % 4] ?? 0));
}
