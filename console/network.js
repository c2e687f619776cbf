/** The network as the page has it: every frame that crosses it is shown, and it can be cut and mended. */

const ABNORMAL_CLOSURE = 1006;

/** @typedef {'sent' | 'received' | 'note'} FrameKind */

export class Network {
  isCut = false;
  /** @type {Set<Wire>} */
  #wires = new Set();
  #onFrame;

  /** @param {(kind: FrameKind, text: string) => void} onFrame */
  constructor(onFrame) {
    this.#onFrame = onFrame;
  }

  /** What the client takes for its WebSocket. */
  get webSocket() {
    const wires = this.#wires;
    const onFrame = this.#onFrame;
    const isCut = () => this.isCut;
    return class extends Wire {
      /**
       * @param {string} url
       * @param {string[]} protocols
       */
      constructor(url, protocols) {
        super(isCut() ? undefined : new WebSocket(url, protocols), onFrame);
        wires.add(this);
        this.addEventListener('close', () => wires.delete(this));
      }
    };
  }

  /**
   * From now on nothing gets through. The other side is not told, as when a cable is pulled: it goes on sending to sockets
   * that nobody listens to any more.
   */
  cut() {
    this.isCut = true;
    for (const wire of [...this.#wires]) wire.sever();
  }

  mend() {
    this.isCut = false;
    this.#onFrame('note', 'The network is back');
    // The client waits for its next attempt; this is how a browser tells it that it need not.
    window.dispatchEvent(new Event('online'));
  }
}

/** @typedef {(event: { data: unknown, code: number }) => void} Listener */

/** A WebSocket that can be severed. */
class Wire {
  #socket;
  #onFrame;
  #isSevered = false;
  /** @type {Map<string, Listener[]>} */
  #listeners = new Map();

  /**
   * @param {WebSocket | undefined} socket None where there is no network.
   * @param {(kind: FrameKind, text: string) => void} onFrame
   */
  constructor(socket, onFrame) {
    this.#socket = socket;
    this.#onFrame = onFrame;
    if (!socket) {
      queueMicrotask(() => this.#close(ABNORMAL_CLOSURE, 'there is no network'));
      return;
    }
    socket.addEventListener('open', () => {
      if (this.#isSevered) return;
      onFrame('note', `Connected to ${socket.url}`);
      this.#tell('open');
    });
    socket.addEventListener('message', ({ data }) => {
      if (this.#isSevered) return;
      onFrame('received', String(data));
      this.#tell('message', { data });
    });
    socket.addEventListener('close', ({ code, reason }) => this.#close(code, reason));
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
    this.#onFrame('sent', text);
    this.#socket?.send(text);
  }

  /** @param {number} [code] */
  close(code) {
    this.#socket?.close(code);
  }

  sever() {
    this.#close(ABNORMAL_CLOSURE, 'the network was cut');
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #close(code, reason) {
    if (this.#isSevered) return;
    this.#isSevered = true;
    this.#onFrame('note', `Closed: ${[code, reason].filter(Boolean).join(' ')}`);
    this.#tell('close', { code });
  }

  /**
   * @param {string} type
   * @param {{ data?: unknown, code?: number }} event
   */
  #tell(type, { data, code = 0 } = {}) {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data, code });
  }
}
