/** The part of the WebSocket API that the client uses, as browsers, Node 22 and the package `ws` have it. */

export interface WebSocketLike {
  send(text: string): void;
  close(code?: number): void;
  /** Ends at once, without the other side. The package `ws` has it. */
  terminate?(): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number }) => void): void;
}

export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

/** The platform's own: browsers have one, and Node from version 22 on. */
declare const WebSocket: WebSocketConstructor | undefined;

/** @throws TypeError if the platform has none. The option `webSocket` takes one. */
export function platformWebSocket(): WebSocketConstructor {
  if (typeof WebSocket === 'undefined') throw new TypeError('no webSocket');
  return WebSocket;
}
