/** Messages of the tour have an author and a text. The console and other programs may send any JSON. */

/** @typedef {{ from: string, text: string }} TourMessage The author is empty if the message does not name one. */

/**
 * @param {unknown} data
 * @returns {TourMessage}
 */
export function tourMessageOf(data) {
  if (typeof data === 'string') return { from: '', text: data };
  if (typeof data === 'object' && data !== null && 'from' in data && 'text' in data) {
    const { from, text } = data;
    if (typeof from === 'string' && typeof text === 'string') return { from, text };
  }
  return { from: '', text: JSON.stringify(data) };
}
