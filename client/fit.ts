/** How much goes into one frame. */

import { FRAME_BYTES } from '../protocol/limits.ts';

const encoder = new TextEncoder();

/** What the id adds to a command: `"id":`, the largest number, and a comma. Bytes. */
export const ID_BYTES = 22;

export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/** How many parts of these sizes, from the first on, fit into one frame around which there is already so much. */
export function fitting(sizes: readonly number[], bytesAround: number): number {
  let room = FRAME_BYTES - bytesAround;
  const index = sizes.findIndex((bytes) => {
    room -= bytes;
    // All but the last one are followed by a comma.
    return room-- < 0;
  });
  return index < 0 ? sizes.length : index;
}
