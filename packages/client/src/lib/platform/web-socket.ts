/** The little of the WebSocket API that the client uses: what browsers, Node 22 and the package `ws` have in common. */

export interface WebSocketLike {
  send(text: string): void;
  close(code?: number): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number }) => void): void;
}

export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

/** The platform's own, where there is one: browsers, and Node from version 22. */
declare const WebSocket: WebSocketConstructor | undefined;

/** @throws TypeError where the platform has none: pass the option `webSocket`. */
export function platformWebSocket(): WebSocketConstructor {
  if (typeof WebSocket !== 'undefined') return WebSocket;
  throw new TypeError('No WebSocket: pass the option webSocket.');
}
