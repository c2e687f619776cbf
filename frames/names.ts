/** The names of opcodes and close codes, as RFC 6455 and its registries have them. */

const opcodes = new Map([
  [0x0, 'continuation'],
  [0x1, 'text'],
  [0x2, 'binary'],
  [0x8, 'close'],
  [0x9, 'ping'],
  [0xa, 'pong'],
]);

/** @returns `undefined` for an opcode that RFC 6455 keeps for later. */
export function opcodeName(opcode: number): string | undefined {
  return opcodes.get(opcode);
}

/** Opcodes from 8 on are control frames: never in parts, and never with more than 125 bytes. */
export function isControl(opcode: number): boolean {
  return opcode >= 0x8;
}

const closeCodes = new Map([
  [1000, 'normal closure'],
  [1001, 'going away'],
  [1002, 'protocol error'],
  [1003, 'unsupported data'],
  [1007, 'invalid payload data'],
  [1008, 'policy violation'],
  [1009, 'message too big'],
  [1010, 'mandatory extension'],
  [1011, 'internal error'],
  [1012, 'service restart'],
  [1013, 'try again later'],
  [1014, 'bad gateway'],
]);

/** Codes that a program reports by itself and never sends. */
const LOCAL_CODES = new Set([1005, 1006, 1015]);

/** What a close code means, or why it may not be in a frame. */
export function closeCodeName(code: number): string {
  if (LOCAL_CODES.has(code)) return 'reserved: a program reports it and never sends it';
  if (code >= 3000 && code < 4000) return 'of a library or framework';
  if (code >= 4000 && code < 5000) return 'of an application';
  return closeCodes.get(code) ?? 'not assigned';
}

/** Whether RFC 6455 lets a frame carry this code. */
export function maySend(code: number): boolean {
  return closeCodes.has(code) || (code >= 3000 && code < 5000);
}
