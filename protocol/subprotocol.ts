/** Which WebSocket subprotocol a connection speaks. */

export const SUBPROTOCOL = 'fanfare.v1';

/** `none` when nothing was offered (a plain `new WebSocket(url)`), `unsupported` when only others were. */
export type Negotiation = typeof SUBPROTOCOL | 'none' | 'unsupported';

/** Chooses from the offered list, in which a token may follow the protocol's name. */
export function negotiate(offered: string | undefined): Negotiation {
  const names = (offered ?? '').split(',').map((name) => name.trim());
  if (names.includes(SUBPROTOCOL)) return SUBPROTOCOL;
  return names.some((name) => name !== '') ? 'unsupported' : 'none';
}
