/** Reads the address of the page: where its server is, and which channel it opens. */

/** The stage of the local runtime. */
const STAGE = 'local';

const { protocol, host, hash } = location;

export const webSocketUrl = `${protocol.replace('http', 'ws')}//${host}/${STAGE}`;

export const apiUrl = `${protocol}//${host}/${STAGE}`;

/** `#channel=open:game` opens the page on a channel. */
export const channelOfAddress = new URLSearchParams(hash.slice(1)).get('channel') ?? 'open:lobby';
