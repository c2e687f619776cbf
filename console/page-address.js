/** Reads the address of the page: where its server is, and which channel it opens. */

/** The stage of the local runtime. */
const STAGE = 'local';

const { protocol, host, hash } = location;

export const webSocketUrl = `${protocol.replace('http', 'ws')}//${host}/${STAGE}`;

export const apiUrl = `${protocol}//${host}/${STAGE}`;

/** `#channel=open:game` opens the page on a channel. */
export const channelOfAddress = new URLSearchParams(hash.slice(1)).get('channel') ?? 'open:lobby';

/** @returns {string | undefined} The example that the address opens: `#example=chat`. It changes while the page is open. */
export function exampleOfAddress() {
  return new URLSearchParams(location.hash.slice(1)).get('example') ?? undefined;
}

/**
 * The address that opens an example and keeps everything else.
 *
 * @param {string} name Empty for no example.
 */
export function exampleAddress(name) {
  const parameters = new URLSearchParams(location.hash.slice(1));
  if (name === '') parameters.delete('example');
  else parameters.set('example', name);
  return `#${parameters}`;
}
