/** What the benchmark has to know of each client: how to get it, how to open it, and what its server would say. */

/** Told by a client that follows one channel. */
interface Follower {
  /** After each subscription, so also after each reconnect. */
  subscribed(): void;
  received(number: number): void;
}

/**
 * The least that a server has to say so that a client is connected and subscribed: a stand-in for a server that the npm registry does
 * not have. It stores nothing.
 */
export interface Conversation {
  /** Frames that the server sends first. */
  readonly greeting: readonly string[];
  answer(frame: string): readonly string[];
  /** Without this frame from time to time, the client believes that the server is gone. */
  readonly heartbeat?: { readonly everyMs: number; readonly frame: string };
  /** The frame that delivers a number. */
  publication(number: number): string;
}

export interface Peer {
  readonly name: string;
  /** As npm knows it. Fanfare's own client is packed from the sources instead. */
  readonly install?: { readonly name: string; readonly version: string };
  /** What a page imports to follow a channel, as an ES module. */
  readonly entry: string;
  /** Connects and follows the channel, with the client's default settings. @returns what closes the client. */
  follow(module: unknown, address: Address, follower: Follower): () => void;
  readonly conversation: Conversation;
}

export interface Address {
  readonly host: string;
  readonly port: number;
  /** Of a WebSocket server that has no path of its own. */
  readonly path: string;
}

export const webSocketUrl = ({ host, port, path }: Address): string => `ws://${host}:${port}${path}`;

export const CHANNEL = 'open:news';
