/** Where in a handshake the token is: `?token=`, the subprotocol offered after `fanfare.v1`, or `Authorization: Bearer`. */

import { isOurs, offeredBehindVersion } from 'fanfare-protocol/subprotocol';

export interface TokenPlaces {
  readonly authorization: string | undefined;
  /** `Sec-WebSocket-Protocol`, as it was offered. */
  readonly offered: string | undefined;
  /** `?token=`, as often as it was sent. */
  readonly query: string | readonly string[] | undefined;
}

/** `none` if there is no token; `several` if there are different ones, and it is anybody's guess who this is. */
export type FoundToken = { readonly token: string } | 'none' | 'several';

const BEARER = /^bearer +(?<token>[^ ].*)$/i;

export function findToken({ authorization, offered, query }: TokenPlaces): FoundToken {
  const found = new Set([...bearerTokens(authorization), ...[query ?? []].flat(), ...offeredTokens(offered)]);
  const [token] = found;
  if (token === undefined) return 'none';
  return found.size > 1 ? 'several' : { token };
}

/** A header that was sent several times is one list. An entry without `Bearer` counts as a token that no issuer has signed. */
function bearerTokens(authorization: string | undefined): string[] {
  const credentials = authorization?.split(',') ?? [];
  return credentials.map((one) => BEARER.exec(one.trim())?.groups?.['token'] ?? '');
}

/** What follows the protocol's name, unless it is a name of the protocol itself. */
function offeredTokens(offered: string | undefined): string[] {
  return offeredBehindVersion(offered).filter((name) => !isOurs(name));
}
