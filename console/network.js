/** The page's network. It shows every frame, and the user can cut and mend it. */

const ABNORMAL_CLOSURE = 1006;

/** @typedef {'sent' | 'received' | 'note'} FrameKind */

/**
 * @typedef {object} Listeners
 * @property {(kind: FrameKind, text: string) => void} [onFrame]
 * @property {(attempt: import('./handshakes.js').Attempt) => void} onFailedHandshake
 */

export class Network {
  isCut = false;
  /** @type {Set<Wire>} */
  #wires = new Set();
  #listeners;

  /** @param {Listeners} listeners */
  constructor(listeners) {
    this.#listeners = listeners;
  }

  /** The WebSocket constructor for the client. */
  get webSocket() {
    const wires = this.#wires;
    const listeners = this.#listeners;
    const isCut = () => this.isCut;
    return class extends Wire {
      /**
       * @param {string} url
       * @param {string[]} protocols
       */
      constructor(url, protocols) {
        super(isCut() ? undefined : new WebSocket(url, protocols), listeners);
        wires.add(this);
        this.addEventListener('close', () => wires.delete(this));
      }
    };
  }

  /**
   * Lets no frame through from now on. The server is not told, as when a cable is pulled: it goes on sending to sockets without a
   * listener.
   */
  cut() {
    this.isCut = true;
    for (const wire of [...this.#wires]) wire.sever();
  }

  mend() {
    this.isCut = false;
    this.#listeners.onFrame?.('note', 'The network is back');
    // The client waits for its next attempt. The event `online` makes it connect at once.
    window.dispatchEvent(new Event('online'));
  }
}

/** @typedef {(event: { data: unknown, code: number }) => void} Listener */

/** A WebSocket that the page can cut. */
class Wire {
  #socket;
  #owner;
  #startedAt = performance.now();
  #isSevered = false;
  /** Whether a `close` would be the answer to the handshake: it has not opened yet, and the client has not closed it. */
  #isHandshaking = true;
  /** @type {Map<string, Listener[]>} */
  #listeners = new Map();

  /**
   * @param {WebSocket | undefined} socket `undefined` if there is no network.
   * @param {Listeners} owner
   */
  constructor(socket, owner) {
    this.#socket = socket;
    this.#owner = owner;
    if (!socket) {
      queueMicrotask(() => this.#close(ABNORMAL_CLOSURE, 'there is no network'));
      return;
    }
    socket.addEventListener('open', () => {
      if (this.#isSevered) return;
      this.#isHandshaking = false;
      this.#note('note', `Connected to ${socket.url}`);
      this.#tell('open');
    });
    socket.addEventListener('message', ({ data }) => {
      if (this.#isSevered) return;
      this.#note('received', String(data));
      this.#tell('message', { data });
    });
    socket.addEventListener('close', ({ code, reason }) => this.#closed(socket.url, code, reason));
  }

  /**
   * @param {string} type
   * @param {Listener} listener
   */
  addEventListener(type, listener) {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  /** @param {string} text */
  send(text) {
    if (this.#isSevered) return;
    this.#note('sent', text);
    this.#socket?.send(text);
  }

  /** @param {number} [code] */
  close(code) {
    this.#isHandshaking = false;
    this.#socket?.close(code);
  }

  sever() {
    this.#close(ABNORMAL_CLOSURE, 'the network was cut');
  }

  /**
   * @param {string} url
   * @param {number} code
   * @param {string} reason
   */
  #closed(url, code, reason) {
    const isRefused = this.#isHandshaking && !this.#isSevered;
    this.#close(code, reason);
    if (isRefused) this.#owner.onFailedHandshake({ url, startedAt: this.#startedAt });
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #close(code, reason) {
    if (this.#isSevered) return;
    this.#isSevered = true;
    this.#note('note', `Closed: ${[code, reason].filter(Boolean).join(' ')}`);
    this.#tell('close', { code });
  }

  /**
   * @param {string} type
   * @param {{ data?: unknown, code?: number }} event
   */
  #tell(type, { data, code = 0 } = {}) {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data, code });
  }

  /**
   * @param {FrameKind} kind
   * @param {string} text
   */
  #note(kind, text) {
    this.#owner.onFrame?.(kind, text);
  }
}
