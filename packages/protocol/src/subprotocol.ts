/** The offered list of WebSocket subprotocols: the protocol's version, the client's name, and the token. */

export const SUBPROTOCOL = 'fanfare.v1';

/** Names that begin with this belong to the protocol: its versions, and names of clients. */
const OURS = 'fanfare.';

/** Stands before the random name of a client. */
export const CLIENT_PREFIX = 'fanfare.client.';

/** `none` if no subprotocol was offered (a plain `new WebSocket(url)`), `unsupported` if only others were. */
export type Negotiation = typeof SUBPROTOCOL | 'none' | 'unsupported';

/** Chooses from the offered list. A token and a client's name may follow the protocol's name in it. */
export function negotiate(offered: string | undefined): Negotiation {
  const names = namesIn(offered);
  if (names.includes(SUBPROTOCOL)) return SUBPROTOCOL;
  return names.some((name) => name !== '') ? 'unsupported' : 'none';
}

/** The entries of the list behind `fanfare.v1`. */
export function offeredBehindVersion(offered: string | undefined): string[] {
  const names = namesIn(offered);
  const at = names.indexOf(SUBPROTOCOL);
  return at === -1 ? [] : names.slice(at + 1).filter((name) => name !== '');
}

/** Whether an entry belongs to the protocol. If not, it is a token. */
export function isOurs(name: string): boolean {
  return name.startsWith(OURS);
}

function namesIn(offered = ''): string[] {
  return offered.split(',').map((name) => name.trim());
}
