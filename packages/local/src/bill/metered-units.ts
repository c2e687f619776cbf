/** How AWS counts: what is begun counts as a whole. */

/** A message, in or out, counts once for every 32 KB (PX-1). Bytes. */
const MESSAGE_UNIT_BYTES = 32 * 1024;

/** @see https://aws.amazon.com/api-gateway/pricing/ Bytes. */
const HTTP_UNIT_BYTES = 512 * 1024;

/** @see https://aws.amazon.com/eventbridge/pricing/ Bytes. */
const EVENT_UNIT_BYTES = 64 * 1024;

/** So much of every streamed response is free. @see https://aws.amazon.com/lambda/pricing/ Bytes. */
const FREE_STREAMED_BYTES = 6 * 1024 * 1024;

/** A write request unit is for so much of an item (PX-7). Bytes. */
const WRITE_UNIT_BYTES = 1024;

const MINUTE_MS = 60_000;

export function messageUnits(bytes: number): number {
  return begun(bytes, MESSAGE_UNIT_BYTES);
}

export function httpRequestUnits(bytes: number): number {
  return begun(bytes, HTTP_UNIT_BYTES);
}

export function eventUnits(bytes: number): number {
  return begun(bytes, EVENT_UNIT_BYTES);
}

/** @param itemBytes the larger one of the item before and after. */
export function writeUnits(itemBytes: number): number {
  return begun(itemBytes, WRITE_UNIT_BYTES);
}

/** Of one connection. AWS does not say what becomes of a part of a minute: it counts whole here. */
export function connectionMinutes(durationMs: number): number {
  return begun(durationMs, MINUTE_MS);
}

/** Duration is paid for by the millisecond, and by the memory that the function has. @returns megabyte-milliseconds. */
export function billedTime(memoryMb: number, durationMs: number): number {
  return memoryMb * begun(durationMs, 1);
}

export function billedStreamedBytes(bytes: number): number {
  return Math.max(0, bytes - FREE_STREAMED_BYTES);
}

function begun(amount: number, unit: number): number {
  return Math.max(1, Math.ceil(amount / unit));
}
