/** Where in a handshake the token is: `?token=`, the subprotocol offered after `fanfare.v1`, or `Authorization: Bearer`. */

import { isOurs, offeredBehindVersion } from 'fanfare-protocol/subprotocol';

export interface TokenPlaces {
  readonly authorization: string | undefined;
  /** `Sec-WebSocket-Protocol`, as it was offered. */
  readonly offered: string | undefined;
  /** Every value of `?token=`. */
  readonly query: string | readonly string[] | undefined;
}

/** `none` if there is no token. `several` if there are different tokens, because it is not clear which one counts. */
export type FoundToken = { readonly token: string } | 'none' | 'several';

const BEARER = /^bearer +(?<token>[^ ].*)$/i;

export function findToken({ authorization, offered, query }: TokenPlaces): FoundToken {
  const found = new Set([...bearerTokens(authorization), ...[query ?? []].flat(), ...offeredTokens(offered)]);
  const [token] = found;
  if (token === undefined) return 'none';
  return found.size > 1 ? 'several' : { token };
}

/** The gateway joins a header that was sent several times to one list. An entry without `Bearer` counts as a token that no issuer has signed, and is refused. */
function bearerTokens(authorization: string | undefined): string[] {
  const credentials = authorization?.split(',') ?? [];
  return credentials.map((one) => BEARER.exec(one.trim())?.groups?.['token'] ?? '');
}

/** The names that follow the version of the protocol, without names that the protocol itself defines. */
function offeredTokens(offered: string | undefined): string[] {
  return offeredBehindVersion(offered).filter((name) => !isOurs(name));
}
