/** Says what a page got that was sent while its network was cut. */

/** @param {import('./frame-record.js').CaughtUp} caughtUp */
export function caughtUpSentence({ count, isLost, channels }) {
  if (isLost) return 'The server does not keep all that was sent meanwhile. The page has what is kept.';
  if (channels === 0)
    return 'This page follows no channel that keeps its messages. What was sent meanwhile has passed, and new updates arrive.';
  if (count === 0) return 'No message came while this pane was cut off.';
  if (count === 1) return '1 message came while this pane was cut off; it is here.';
  return `${count} messages came while this pane was cut off; all of them are here, in order.`;
}
