/** How many bytes a frame takes, and how many parts fit into one. */

import { FRAME_BYTES } from 'fanfare-protocol/limits';

const encoder = new TextEncoder();

/** The most that an id adds to a command: `"id":`, 16 digits, and a comma. Bytes. */
export const ID_BYTES = 22;

/** The length of a text in UTF-8. Bytes. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/**
 * The longest prefix of `parts` that fits into one frame.
 *
 * @param bytesAround Fixed overhead of the frame.
 * @param bytesEach Overhead of each part, beside the comma behind it.
 */
export function fitting<Part extends { readonly text: string }>(
  parts: readonly Part[],
  bytesAround: number,
  bytesEach = 0,
): Part[] {
  let room = FRAME_BYTES - bytesAround;
  return parts.filter(({ text }) => {
    room -= bytesOf(text) + bytesEach;
    // Every part but the last one is followed by a comma.
    return room-- >= 0;
  });
}
