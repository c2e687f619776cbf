/** Decodes one segment of a URL's path. */

/** What is not percent-encoded properly is left as it is. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
