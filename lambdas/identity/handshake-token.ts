/** Where in a handshake the token is: `?token=`, the subprotocol offered after `fanfare.v1`, or `Authorization: Bearer`. */

import { isOurs, offeredBehindVersion } from '../../protocol/subprotocol.ts';

export interface Handshake {
  readonly authorization: string | undefined;
  /** `Sec-WebSocket-Protocol`, as it was offered. */
  readonly offered: string | undefined;
  readonly query: string | undefined;
}

/** `none` if there is no token; `several` if there are different ones, and it is anybody's guess who this is. */
export type FoundToken = { readonly token: string } | 'none' | 'several';

const BEARER = /^bearer +(?<token>[^ ].*)$/i;

export function findToken({ authorization, offered, query }: Handshake): FoundToken {
  const bearer =
    authorization === undefined ? undefined : (BEARER.exec(authorization)?.groups?.['token'] ?? '');
  const found = new Set([bearer, query, ...offeredTokens(offered)].filter((token) => token !== undefined));
  const [token] = found;
  if (token === undefined) return 'none';
  return found.size > 1 ? 'several' : { token };
}

/** What follows the protocol's name, unless it is a name of the protocol itself. */
function offeredTokens(offered: string | undefined): string[] {
  return offeredBehindVersion(offered).filter((name) => !isOurs(name));
}
