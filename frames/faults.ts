/** What RFC 6455 forbids in a frame, each in a sentence. */

import type { Frame } from './decode.ts';
import { isControl, maySend, opcodeName } from './names.ts';
import { closeOf, textOf } from './payload.ts';

/** Control frames have no more. Bytes. */
const CONTROL_BYTES = 125;

export function faultsOf(frame: Frame): string[] {
  return checks.flatMap((check) => check(frame) ?? []);
}

const checks: readonly ((frame: Frame) => string | undefined)[] = [
  ({ opcode }) =>
    opcodeName(opcode) === undefined ? `RFC 6455 keeps opcode ${opcode} for later.` : undefined,
  ({ opcode, fin }) => (isControl(opcode) && !fin ? 'A control frame cannot be in parts.' : undefined),
  ({ opcode, length }) =>
    isControl(opcode) && length > CONTROL_BYTES
      ? `A control frame has at most ${CONTROL_BYTES} bytes of payload.`
      : undefined,
  ({ length, lengthBits }) =>
    lengthBits !== shortestBits(length)
      ? `A length of ${length} takes ${shortestBits(length)} bits.`
      : undefined,
  // A message in parts may be divided inside of a character, so only whole ones are looked at.
  ({ opcode, fin, rsv, payload }) =>
    opcode === 0x1 && fin && rsv === 0 && textOf(payload) === undefined
      ? 'The text is not UTF-8.'
      : undefined,
  (frame) => (frame.opcode === 0x8 ? closeFault(frame.payload) : undefined),
];

function shortestBits(length: number): number {
  if (length < 126) return 7;
  return length < 65_536 ? 16 : 64;
}

function closeFault(payload: Uint8Array): string | undefined {
  if (payload.length === 1) return 'A close frame has no payload, or a code of two bytes.';
  const close = closeOf(payload);
  if (!close) return undefined;
  if (!maySend(close.code)) return `No frame may carry the close code ${close.code}.`;
  return close.reason === undefined ? 'The reason is not UTF-8.' : undefined;
}
