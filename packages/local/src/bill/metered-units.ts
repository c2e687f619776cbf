/** How AWS counts: a unit that has begun is charged as a whole unit. */

/** A message in either direction is charged once for each 32 KB (PX-1). Bytes. */
const MESSAGE_UNIT_BYTES = 32 * 1024;

/** @see https://aws.amazon.com/api-gateway/pricing/ Bytes. */
const HTTP_UNIT_BYTES = 512 * 1024;

/** @see https://aws.amazon.com/eventbridge/pricing/ Bytes. */
const EVENT_UNIT_BYTES = 64 * 1024;

/** The first 6 MB of every streamed response are free. @see https://aws.amazon.com/lambda/pricing/ Bytes. */
const FREE_STREAMED_BYTES = 6 * 1024 * 1024;

/** One write request unit pays for 1 KB of an item (PX-7). Bytes. */
const WRITE_UNIT_BYTES = 1024;

/** One read request unit pays for a consistent read of 4 KB of an item (PX-7). Bytes. */
const READ_UNIT_BYTES = 4 * 1024;

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

/** @param itemBytes The larger size of the item before and after the write. */
export function writeUnits(itemBytes: number): number {
  return begun(itemBytes, WRITE_UNIT_BYTES);
}

/** @returns the units of a consistent read. Also a read that finds nothing is charged. */
export function readUnits(itemBytes: number): number {
  return begun(itemBytes, READ_UNIT_BYTES);
}

/** The minutes of one connection. AWS does not document how it charges a part of a minute. Here it counts as a whole minute. */
export function connectionMinutes(durationMs: number): number {
  return begun(durationMs, MINUTE_MS);
}

/** Lambda charges each millisecond by the memory of the function. @returns megabyte-milliseconds. */
export function billedTime(memoryMb: number, durationMs: number): number {
  return memoryMb * begun(durationMs, 1);
}

export function billedStreamedBytes(bytes: number): number {
  return Math.max(0, bytes - FREE_STREAMED_BYTES);
}

function begun(amount: number, unit: number): number {
  return Math.max(1, Math.ceil(amount / unit));
}
