/** The subprotocols that a socket offers. Browsers cannot send headers with a WebSocket, so the token travels there. */

import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';

/** In this order: the protocol, the client's name, and the token if there is one. */
export function offer(clientName: string, token: string | undefined): string[] {
  return [SUBPROTOCOL, clientName].concat(token ?? []);
}
