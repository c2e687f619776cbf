/** Which WebSocket subprotocol a connection speaks, and what else is offered beside it. */

export const SUBPROTOCOL = 'fanfare.v1';

/** Names that begin with this are ours: versions of the protocol, and what clients tell about themselves. */
const OURS = 'fanfare.';

/** In front of the name that a client makes up for itself. */
export const CLIENT_PREFIX = 'fanfare.client.';

/** `none` when nothing was offered (a plain `new WebSocket(url)`), `unsupported` when only others were. */
export type Negotiation = typeof SUBPROTOCOL | 'none' | 'unsupported';

/** Chooses from the offered list, in which a token and the name of a client may follow the protocol's name. */
export function negotiate(offered: string | undefined): Negotiation {
  const names = namesIn(offered);
  if (names.includes(SUBPROTOCOL)) return SUBPROTOCOL;
  return names.some((name) => name !== '') ? 'unsupported' : 'none';
}

/** The names that follow the protocol's own. */
export function offeredBehindVersion(offered: string | undefined): string[] {
  const names = namesIn(offered);
  const at = names.indexOf(SUBPROTOCOL);
  return at === -1 ? [] : names.slice(at + 1).filter((name) => name !== '');
}

/** Whether it is a name of the protocol, and so no token. */
export function isOurs(name: string): boolean {
  return name.startsWith(OURS);
}

function namesIn(offered = ''): string[] {
  return offered.split(',').map((name) => name.trim());
}
