/** Reads the bytes of a capture, typed or pasted as hexadecimal digits. */

/** A mistake in the capture; its message is all that a person needs. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
}

/** What stands between bytes in the output of common tools: spaces, commas, colons, `0x` and `\x`. */
const BETWEEN = /(?:[\s,:]|0x|\\x)+/i;

/**
 * @example bytesOf('81 05 48 65 6c 6c 6f')
 * @throws CaptureError for a text that is not hexadecimal, or that has half a byte.
 */
export function bytesOf(text: string): Uint8Array {
  const parts = text.split(BETWEEN).filter((part) => part !== '');
  if (parts.length === 0)
    throw new CaptureError('There are no bytes. Give them as hexadecimal, such as 89 00.');
  return Uint8Array.from(parts.flatMap(bytesOfPart));
}

function bytesOfPart(part: string): number[] {
  if (!/^[\da-f]+$/i.test(part))
    throw new CaptureError(`${JSON.stringify(part)} is not hexadecimal: a byte is two of 0-9 and a-f.`);
  if (part.length % 2 === 1)
    throw new CaptureError(
      `${JSON.stringify(part)} has an odd number of digits, but each byte has two: write 05 and not 5.`,
    );
  return (part.match(/../g) ?? []).map((digits) => Number.parseInt(digits, 16));
}

/** @returns pairs of digits with a space between them. */
export function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
