/**
 * The network of a page that the tour shows in a frame: it tells the tour each frame on the wire, and the tour can cut and mend it. The
 * example pages load it before their own program if their address has `tour`.
 */

{
  const SHOWN_EVERY_MS = 5_000;

  /** @type {Set<CuttableSocket>} */
  const sockets = new Set();
  let isCut = false;

  /**
   * @param {'ready' | 'open' | 'sent' | 'received' | 'escape'} event
   * @param {string} [text]
   */
  const tell = (event, text = '') => parent.postMessage({ fanfare: event, text }, location.origin);

  class CuttableSocket extends WebSocket {
    #isSevered = false;

    /** @param {ConstructorParameters<typeof WebSocket>} args */
    constructor(...args) {
      super(...args);
      sockets.add(this);
      // They are its first listeners, so that the page hears nothing of what comes after a cut.
      for (const type of ['open', 'message', 'error', 'close'])
        this.addEventListener(
          type,
          (event) => this.#isSevered && event.isTrusted && event.stopImmediatePropagation(),
        );
      this.addEventListener('open', () => tell('open'));
      this.addEventListener('message', ({ data }) => tell('received', String(data)));
      this.addEventListener('close', () => this.#isSevered || sockets.delete(this));
    }

    /**
     * @param {Parameters<WebSocket['send']>[0]} data
     * @override
     */
    send(data) {
      if (this.#isSevered) return;
      tell('sent', String(data));
      super.send(data);
    }

    /** The server is not told, as when a cable is pulled. */
    sever() {
      this.#isSevered = true;
      Object.defineProperty(this, 'readyState', { value: WebSocket.CLOSED });
      this.dispatchEvent(new CloseEvent('close', { code: 1006 }));
    }
  }

  /** A socket that is opened while there is no network. */
  class HopelessSocket extends EventTarget {
    /** @type {number} */
    readyState = WebSocket.CONNECTING;
    /** @type {((event: Event) => void) | null} */
    onclose = null;

    constructor() {
      super();
      setTimeout(() => {
        const event = new CloseEvent('close', { code: 1006 });
        this.readyState = WebSocket.CLOSED;
        this.onclose?.(event);
        this.dispatchEvent(event);
      });
    }

    send() {}

    close() {}
  }

  /** A request waits for the network, as it does when packets are lost. */
  let network = Promise.resolve();
  let mend = () => {};
  const fetchAtOnce = window.fetch;
  window.fetch = async (...args) => {
    await network;
    return fetchAtOnce(...args);
  };
  window.WebSocket = new Proxy(CuttableSocket, {
    construct: (Socket, args) => (isCut ? new HopelessSocket() : Reflect.construct(Socket, args)),
  });

  const orders = new Map([
    [
      'cut',
      () => {
        isCut = true;
        network = new Promise((resolve) => {
          mend = resolve;
        });
        for (const socket of sockets) socket.sever();
      },
    ],
    [
      'mend',
      () => {
        isCut = false;
        mend();
        // Only now can the server hear that these sockets have ended.
        for (const socket of sockets) socket.close();
        sockets.clear();
        // The client waits for its next attempt. The event makes it connect at once.
        dispatchEvent(new Event('online'));
      },
    ],
  ]);
  addEventListener('message', ({ source, origin, data }) => {
    if (source === parent && origin === location.origin) orders.get(data?.fanfare)?.();
  });
  // The keyboard belongs to the frame while it has the focus.
  addEventListener('keydown', ({ key, defaultPrevented }) => {
    if (key === 'Escape' && !defaultPrevented) tell('escape');
  });
  // The server side of the example runs while one of its pages says that it is shown.
  setInterval(() => void fetchAtOnce('shown.json').catch(() => {}), SHOWN_EVERY_MS);
  tell('ready');
}
