/** What a socket offers as subprotocols. */

import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';

/** The protocol, the name of the client, and the token, if there is one: in this order. */
export function offer(name: string, token: string | undefined): string[] {
  return [SUBPROTOCOL, name].concat(token ?? []);
}
