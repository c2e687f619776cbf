/** A WebSocket in virtual time: the client's end, the handshake, and what the link does to both. */

import type { WebSocketConstructor, WebSocketLike } from 'fanfare-client';
import type { Line, Link } from './link.ts';
import { type Peer, type Server, Session } from './server.ts';

/** TCP and TLS 1.3 take one round trip each before the request of the handshake is sent. */
const ROUND_TRIPS_BEFORE = 2;

/** Of the request with a token, and of the response. TLS is not counted. Bytes. */
const REQUEST_BYTES = 800;
const RESPONSE_BYTES = 200;

/** The header of a frame with up to 64 KB; a client masks. Bytes. */
const HEADER_BYTES = { down: 4, up: 8 };

interface Listeners {
  open: (() => void)[];
  error: (() => void)[];
  message: ((event: { data: unknown }) => void)[];
  close: ((event: { code: number }) => void)[];
}

type Listening = {
  [Type in keyof Listeners]: [type: Type, listener: Listeners[Type][number]];
}[keyof Listeners];

/** The parts of a device that a socket needs. */
export interface Host {
  readonly link: Link;
  /** Runs something on the device: at once, or when the device is awake again. */
  wake(run: () => void): void;
}

/** The class to pass to the client as the option `webSocket`. */
export function virtualSockets(host: Host, server: Server): WebSocketConstructor {
  return class extends VirtualSocket {
    constructor() {
      super(host, server);
    }
  };
}

class VirtualSocket implements WebSocketLike {
  #state: 'connecting' | 'open' | 'closed' = 'connecting';
  readonly #host: Host;
  readonly #server: Server;
  readonly #line: Line;
  readonly #listeners: Listeners = { open: [], error: [], message: [], close: [] };
  #session: Session | undefined;

  constructor(host: Host, server: Server) {
    this.#host = host;
    this.#server = server;
    const { link } = host;
    link.attempts.push(link.time.now);
    this.#line = link.open(() => this.#cut());
    const requested = link.time.now + ROUND_TRIPS_BEFORE * link.roundTripMs;
    link.time.at(requested, () => this.#line.send('up', REQUEST_BYTES, () => this.#shakeHands()));
  }

  addEventListener(...[type, listener]: Listening): void {
    if (type === 'message') this.#listeners.message.push(listener);
    else if (type === 'close') this.#listeners.close.push(listener);
    else this.#listeners[type].push(listener);
  }

  send(text: string): void {
    if (this.#state === 'connecting') throw new Error('InvalidStateError');
    if (this.#state === 'closed') return;
    this.#line.send('up', Buffer.byteLength(text) + HEADER_BYTES.up, () => this.#session?.receive(text));
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    // What is on its way down still arrives until the server knows.
    this.#line.send('up', HEADER_BYTES.up, () => this.#endBoth());
  }

  #push(text: string): void {
    this.#line.send('down', Buffer.byteLength(text) + HEADER_BYTES.down, () => this.#deliver(text));
  }

  #shakeHands(): void {
    const { handshakes } = this.#server;
    if (handshakes === 'hanging') return;
    if (handshakes === 'accepted') this.#session = new Session(this.#server, this.#peer());
    this.#line.send('down', RESPONSE_BYTES, () => (handshakes === 'accepted' ? this.#opened() : this.#cut()));
  }

  #peer(): Peer {
    return {
      push: (text) => this.#push(text),
      close: (code) => this.#line.send('down', HEADER_BYTES.down, () => this.#ended(code)),
    };
  }

  #opened(): void {
    this.#host.wake(() => {
      if (this.#state !== 'connecting') return;
      this.#state = 'open';
      for (const listener of this.#listeners.open) listener();
    });
  }

  #deliver(data: string): void {
    this.#host.wake(() => {
      if (this.#state === 'open') for (const listener of this.#listeners.message) listener({ data });
    });
  }

  #cut(): void {
    this.#session?.end();
    this.#ended(1006);
  }

  #endBoth(): void {
    this.#session?.end();
    this.#line.end();
  }

  #ended(code: number): void {
    this.#line.end();
    this.#host.wake(() => {
      if (this.#state === 'closed') return;
      this.#state = 'closed';
      for (const listener of this.#listeners.error) listener();
      for (const listener of this.#listeners.close) listener({ code });
    });
  }
}
