/** The WebSocket of a page, as far as the clients use it, without a network. */

/** An event with the fields that browsers give it. */
const eventWith = (type: string, fields: object) => Object.assign(new Event(type), fields);

type Handler = ((event: Event) => void) | null;

export class VirtualSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  readonly url: string;
  readonly protocol: string;
  readonly extensions = '';
  readonly bufferedAmount = 0;
  readyState = 0;
  binaryType = 'blob';
  onopen: Handler = null;
  onmessage: Handler = null;
  onerror: Handler = null;
  onclose: Handler = null;
  /** The server's ears. */
  onSent: (frame: string) => void = () => {};
  onEnd: () => void = () => {};

  constructor(url: string, protocols: string | readonly string[] = []) {
    super();
    this.url = url;
    this.protocol = [protocols].flat()[0] ?? '';
    for (const type of ['open', 'message', 'error', 'close'] as const)
      this.addEventListener(type, (event) => this[`on${type}`]?.(event));
  }

  send(frame: string | Uint8Array): void {
    if (this.readyState === this.OPEN)
      this.onSent(typeof frame === 'string' ? frame : new TextDecoder().decode(frame));
  }

  close(code = 1005): void {
    if (this.readyState >= this.CLOSING) return;
    this.readyState = this.CLOSING;
    setTimeout(() => this.end(code), 1);
  }

  accept(): void {
    if (this.readyState !== this.CONNECTING) return;
    this.readyState = this.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  push(frame: string): void {
    if (this.readyState === this.OPEN) this.dispatchEvent(eventWith('message', { data: frame }));
  }

  /** The connection ends, or its handshake fails. */
  end(code: number): void {
    if (this.readyState === this.CLOSED) return;
    this.readyState = this.CLOSED;
    this.onEnd();
    if (code === 1006) this.dispatchEvent(new Event('error'));
    this.dispatchEvent(eventWith('close', { code, reason: '', wasClean: code !== 1006 }));
  }
}
