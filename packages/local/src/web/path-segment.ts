/** Decodes one segment of a URL's path. */

/** A segment with invalid percent-encoding is returned unchanged. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
