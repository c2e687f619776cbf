/** How much goes into one frame. */

import { FRAME_BYTES } from 'fanfare-protocol/limits';

const encoder = new TextEncoder();

/** What the id adds to a command: `"id":`, the largest number, and a comma. Bytes. */
export const ID_BYTES = 22;

export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/** Those parts, from the first on, that fit into one frame, with so much around all of them and so much beside each. */
export function fitting<Part extends { readonly text: string }>(
  parts: readonly Part[],
  bytesAround: number,
  bytesEach = 0,
): Part[] {
  let room = FRAME_BYTES - bytesAround;
  return parts.filter(({ text }) => {
    room -= bytesOf(text) + bytesEach;
    // All but the last one are followed by a comma.
    return room-- >= 0;
  });
}
