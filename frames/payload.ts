/** What the payload of a frame says. */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @returns `undefined` for bytes that are not UTF-8. */
export function textOf(payload: Uint8Array): string | undefined {
  try {
    return utf8.decode(payload);
  } catch {
    return undefined;
  }
}

export interface Close {
  readonly code: number;
  /** `undefined` for bytes that are not UTF-8. */
  readonly reason: string | undefined;
}

/** @returns `undefined` for a close frame without a code. */
export function closeOf(payload: Uint8Array): Close | undefined {
  const [high, low] = payload;
  if (high === undefined || low === undefined) return undefined;
  return { code: high * 256 + low, reason: textOf(payload.subarray(2)) };
}

export function counted(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}
