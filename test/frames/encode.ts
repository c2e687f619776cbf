/** Frames for tests, put together by the letter of RFC 6455 section 5.2. */

export interface FrameParts {
  readonly fin: boolean;
  readonly opcode: number;
  readonly payload: Uint8Array;
  readonly maskingKey?: Uint8Array | undefined;
}

export function encodeFrame({ fin, opcode, payload, maskingKey }: FrameParts): Uint8Array {
  const key = maskingKey ?? new Uint8Array();
  const masked = payload.map((byte, index) => byte ^ (key[index % 4] ?? 0));
  const [code = 0, ...more] = lengthOf(payload.length);
  return Uint8Array.of((fin ? 0x80 : 0) | opcode, (maskingKey ? 0x80 : 0) | code, ...more, ...key, ...masked);
}

function lengthOf(length: number): number[] {
  if (length < 126) return [length];
  if (length < 65_536) return [126, length >> 8, length & 0xff];
  return [127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 0xff, length & 0xff];
}
