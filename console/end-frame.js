/** Removes a page of an example from the tour. */

/**
 * Tells the page first, so that it does not report its requests as failed, which end with it.
 *
 * @param {HTMLIFrameElement} frame
 */
export function endFrame(frame) {
  frame.contentWindow?.dispatchEvent(new Event('pagehide'));
  frame.remove();
}
