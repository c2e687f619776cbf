/** Checks the address of a WebSocket: the errors that the browser would throw, as a sentence. */

const schemes = ['ws:', 'wss:'];

/** @param {string} url */
export function faultOf(url) {
  if (!url) return 'Enter the URL to connect to. It begins with wss:// or, on this machine, ws://.';
  if (URL.canParse(url) && schemes.includes(new URL(url).protocol)) return '';
  return `“${url}” is not the URL of a WebSocket. It must begin with wss:// or ws://.`;
}
