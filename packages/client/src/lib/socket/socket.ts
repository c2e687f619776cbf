/** One WebSocket, from the token to the end: frames out and in, a heartbeat, and the subscriptions it should have. */

import type { Hub } from '../hub.ts';
import { nothingPlanned } from '../platform/clock.ts';
import type { WebSocketLike } from '../platform/web-socket.ts';
import { FanfareError } from '../wire/errors.ts';
import { parseFrames } from '../wire/server-frame.ts';
import { Heartbeat } from './heartbeat.ts';
import { type Answer, InFlight } from './in-flight.ts';
import { offer } from './offer.ts';
import { Roster } from './subscription-sync.ts';

/** The platform gives up a handshake after 29 s; a little more covers the way. Milliseconds. */
const OPEN_TIMEOUT_MS = 35_000;

export interface LinkOwner {
  opened(link: Link): void;
  /** It is subscribed to everything that is wanted. */
  synced(link: Link): void;
  /** The server says that the token has expired, and a new one can be had. */
  expired(link: Link): void;
  /** Called once, whoever closed it. */
  closed(link: Link, reason: string): void;
}

export class Link {
  isOpen = false;
  /** What it was opened with. */
  token: string | undefined;
  readonly #hub: Hub;
  readonly #owner: LinkOwner;
  readonly #heartbeat: Heartbeat;
  readonly #inFlight: InFlight;
  readonly #roster: Roster;
  #webSocket: WebSocketLike | undefined;
  #cancelTimer = nothingPlanned;
  #isOver = false;

  constructor(hub: Hub, owner: LinkOwner) {
    this.#hub = hub;
    this.#owner = owner;
    this.#heartbeat = new Heartbeat(hub.settings, this);
    this.#inFlight = new InFlight(hub.settings, () => void this.check());
    this.#roster = new Roster(hub, this);
    void this.#start();
  }

  /** Sends commands in one frame. Answers a reply or an error for each; never rejects. */
  async ask(commands: readonly string[]): Promise<(Answer | undefined)[]> {
    if (!this.isOpen) return [];
    const added = commands.map((command) => this.#inFlight.add(command));
    const texts = added.map(({ text }) => text);
    this.send(texts.length > 1 ? `[${texts}]` : `${texts}`);
    const answers = await Promise.all(added.map(({ answer }) => answer));
    if (answers.some(isRenewable)) this.#owner.expired(this);
    return answers;
  }

  send(frame: string): void {
    this.#heartbeat.traffic();
    this.#webSocket?.send(frame);
  }

  /** Whether the server answers; if it does not, the link closes itself. */
  check(): Promise<boolean> {
    return this.#heartbeat.check();
  }

  /** The wanted subscriptions have changed. */
  sync(): void {
    if (this.isOpen) this.#roster.sync();
  }

  synced(): void {
    this.#owner.synced(this);
  }

  /** Closes when the replies that are due have come, or never will. What is pushed until then still counts. */
  retire(): void {
    const { clock, requestTimeoutMs } = this.#hub.settings;
    this.#cancelTimer = clock.after(requestTimeoutMs, () => this.close('closed'));
  }

  /** Ends without waiting for the other side, which may be long gone. */
  close(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.isOpen = false;
    this.#cancelTimer();
    this.#heartbeat.stop();
    this.#owner.closed(this, reason);
    this.#inFlight.stop();
    this.#webSocket?.close(1000);
  }

  async #start(): Promise<void> {
    const { token, name, clock, url, webSocket } = this.#hub.settings;
    try {
      this.token = await token();
      if (this.#isOver) return;
      this.#cancelTimer = clock.after(OPEN_TIMEOUT_MS, () => this.close('timeout'));
      this.#listen(new webSocket(url, offer(name, this.token)));
    } catch (cause) {
      this.#hub.events.emit('error', new Error('no socket', { cause }));
      this.close('no socket');
    }
  }

  #listen(webSocket: WebSocketLike): void {
    this.#webSocket = webSocket;
    webSocket.addEventListener('open', () => this.#open());
    webSocket.addEventListener('message', ({ data }) => this.#receive(data));
    webSocket.addEventListener('close', ({ code }) => this.close(`${code}`));
    // The close event follows and says all there is to know; `ws` insists on a listener.
    webSocket.addEventListener('error', nothingPlanned);
  }

  #open(): void {
    if (this.#isOver) return;
    this.#cancelTimer();
    this.isOpen = true;
    this.#heartbeat.start();
    this.#owner.opened(this);
    this.sync();
  }

  #receive(data: unknown): void {
    if (!this.isOpen) return;
    this.#heartbeat.received();
    for (const frame of parseFrames(data)) {
      if (!this.#inFlight.take(frame)) this.#hub.received(this, frame);
    }
  }
}

/** Whether the command was refused because its token has expired, and the next token can be had. */
function isRenewable(answer: Answer | undefined): boolean {
  return answer instanceof FanfareError && answer.code === 'token-expired' && answer.isRetryable;
}
