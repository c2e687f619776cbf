/** How many bytes a frame takes, and how many parts fit into one. */

import { FRAME_BYTES } from 'fanfare-protocol/limits';

const encoder = new TextEncoder();

/** The length of a text in UTF-8. Bytes. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/**
 * The longest prefix of `parts` that fits into one frame.
 *
 * @param bytesAround Fixed overhead of the frame.
 * @param moreBytes How much larger the frame may be if it has a single part.
 * @param bytesEach Overhead of each part, beside the comma behind it.
 */
export function fitting<Part extends { readonly text: string }>(
  parts: readonly Part[],
  bytesAround: number,
  moreBytes = 0,
  bytesEach = 0,
): Part[] {
  let room = FRAME_BYTES - bytesAround;
  return parts.filter(({ text }, index) => {
    room -= bytesOf(text) + bytesEach;
    // Every part but the last one is followed by a comma.
    return room-- + (index ? 0 : moreBytes) >= 0;
  });
}
