/** Prints frames bit by bit: on the left the bytes, in the middle the bits, on the right what they mean. */

import { hexOf } from './capture.ts';
import type { Frame, LengthBits } from './decode.ts';
import { faultsOf } from './faults.ts';
import { closeCodeName, opcodeName } from './names.ts';
import { closeOf, counted, textOf } from './payload.ts';

/** More bytes of a payload than these are counted and not printed. */
const PRINTED_BYTES = 32;

/** Room for a masking key of four bytes. */
const BYTES_WIDTH = 13;

export function printFrames(frames: readonly Frame[]): string {
  return frames.map((frame, index) => printFrame(frame, index + 1).join('\n')).join('\n\n');
}

function printFrame(frame: Frame, number: number): string[] {
  const sender = frame.maskingKey ? 'masked, so a client sent it' : 'not masked, so a server sent it';
  return [
    `Frame ${number}: ${counted(frame.bytes.length)}, ${sender}`,
    ...firstByte(frame),
    ...secondByte(frame),
    ...(frame.maskingKey ? [line(frame.maskingKey, '', 'masking key')] : []),
    ...payloadLines(frame),
    ...faultsOf(frame).map((fault) => `  not allowed: ${fault}`),
  ];
}

function firstByte({ bytes, fin, rsv, opcode }: Frame): string[] {
  const byte = bytes.subarray(0, 1);
  return [
    line(
      byte,
      `${bit(fin)}.......`,
      `FIN     ${fin ? 'the message ends here' : 'more parts of the message follow'}`,
    ),
    line(undefined, `.${bits(rsv, 3)}....`, `RSV1-3  ${meaningOfRsv(rsv)}`),
    line(
      undefined,
      `....${bits(opcode, 4)}`,
      `opcode  ${opcodeName(opcode) ?? `${opcode}, which has no name`}`,
    ),
  ];
}

function meaningOfRsv(rsv: number): string {
  if (rsv === 0) return 'no extension is in use';
  if (rsv === 0b100) return 'RSV1: compressed, if the handshake agreed to permessage-deflate';
  return 'set by an extension, or a mistake';
}

const lengthMeans: Readonly<Record<LengthBits, (length: number) => string>> = {
  7: (length) => `${length}, in these 7 bits`,
  16: () => '126: the next 2 bytes have it',
  64: () => '127: the next 8 bytes have it',
};

function secondByte({ bytes, maskingKey, lengthBits, lengthBytes, length }: Frame): string[] {
  const byte = bytes.subarray(1, 2);
  const masked = maskingKey !== undefined;
  const code = (byte[0] ?? 0) & 0x7f;
  return [
    line(byte, `${bit(masked)}.......`, `MASK    ${masked ? 'a masking key follows' : 'no masking key'}`),
    line(undefined, `.${bits(code, 7)}`, `length  ${lengthMeans[lengthBits](length)}`),
    ...(lengthBits === 7 ? [] : [line(lengthBytes, '', `length  ${length}, in ${lengthBits} bits`)]),
  ];
}

function payloadLines({ opcode, rsv, sent, payload, maskingKey }: Frame): string[] {
  if (payload.length === 0) return ['  payload: empty'];
  const asSent = maskingKey ? [`  payload as sent: ${printedHex(sent)}`] : [];
  const label = maskingKey ? 'payload unmasked' : 'payload';
  if (opcode === 0x8 && payload.length > 1)
    return [...asSent, `  ${label}: ${printedHex(payload)}`, ...closeLines(payload)];
  return [
    ...asSent,
    `  ${label}: ${rsv === 0 && opcode !== 0x2 ? printedText(payload) : printedHex(payload)}`,
  ];
}

function closeLines(payload: Uint8Array): string[] {
  const close = closeOf(payload);
  if (!close) return [];
  const reason = close.reason === '' ? 'none' : printedText(payload.subarray(2));
  return [`  close code: ${close.code}, ${closeCodeName(close.code)}`, `  reason: ${reason}`];
}

/** Text with its control characters escaped, which a terminal would obey; bytes that are no text as hexadecimal. */
function printedText(bytes: Uint8Array): string {
  const text = textOf(bytes);
  if (text === undefined) return printedHex(bytes);
  return text.replaceAll(/\p{C}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

function printedHex(bytes: Uint8Array): string {
  const more = bytes.length - PRINTED_BYTES;
  return more > 0 ? `${hexOf(bytes.subarray(0, PRINTED_BYTES))} and ${counted(more)} more` : hexOf(bytes);
}

function line(bytes: Uint8Array | undefined, pattern: string, meaning: string): string {
  const left = bytes ? hexOf(bytes) : '';
  return `  ${left.padEnd(BYTES_WIDTH)}${pattern.padEnd(10)}${meaning}`;
}

function bit(isSet: boolean): string {
  return isSet ? '1' : '0';
}

function bits(value: number, count: number): string {
  return value.toString(2).padStart(count, '0');
}
