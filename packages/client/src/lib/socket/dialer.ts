/**
 * Keeps one socket open until the connection is closed, and replaces it before the server closes it.
 *
 * To reconnect and to rotate is the same: dial a candidate. Without a current socket, the candidate takes over as soon as it is
 * open. Otherwise it takes over when it has all subscriptions, so that no message is missed in between.
 */

import { type Cancel, nothingPlanned } from '../platform/clock.ts';
import { failuresAfter } from '../settings/backoff.ts';
import { Socket, type SocketContext, type SocketOwner } from './socket.ts';

export interface DialerOwner extends SocketContext {
  become(state: 'connected' | 'connecting'): void;
}

export class Dialer implements SocketOwner {
  current: Socket | undefined;
  readonly #owner: DialerOwner;
  /** All sockets that are not closed: the current one, a candidate to replace it, and replaced ones that still wait for replies. */
  readonly #sockets = new Set<Socket>();
  #candidate: Socket | undefined;
  #failures = 0;
  #adoptedAt = 0;
  /** The server asked not to connect before this time. Milliseconds since 1970. */
  #notBefore = 0;
  #cancelDial: Cancel | undefined;
  #cancelRotation = nothingPlanned;
  #isOver = false;

  constructor(owner: DialerOwner) {
    this.#owner = owner;
  }

  /** Whether several sockets receive the same channels. */
  get isShared(): boolean {
    return this.#sockets.size > 1;
  }

  dial(): void {
    this.#cancelDial?.();
    this.#cancelDial = undefined;
    if (this.#candidate || this.#isOver) return;
    this.#candidate = new Socket(this.#owner, this);
    this.#sockets.add(this.#candidate);
  }

  /** The wanted subscriptions have changed. */
  sync(): void {
    this.current?.sync();
    this.#candidate?.sync();
  }

  /** The page is visible again, or the network is back: checks the current socket, or dials at once. */
  wakeUp(): void {
    if (this.current) void this.current.check();
    else this.dial();
  }

  /**
   * Replaces the current socket.
   *
   * @param delayMs The least delay. The client adds a random delay, because a server that closes may have told all of its clients
   *   at once.
   */
  rotate(delayMs = 0): void {
    const { clock, retryMs } = this.#owner.settings;
    this.#notBefore = Math.max(this.#notBefore, clock.now() + delayMs);
    if (!this.current || this.#candidate || this.#cancelDial) return;
    this.#forgive();
    this.#dialIn(retryMs(this.#failures));
    // Counts as a failure until the next socket has proved stable: the next token may have expired as well.
    this.#failures += 1;
  }

  opened(socket: Socket): void {
    if (!this.current) this.#adopt(socket);
  }

  synced(socket: Socket): void {
    if (socket === this.#candidate) this.#adopt(socket);
  }

  /** A candidate whose token has expired is useless. The current socket stays until the next one has replaced it. */
  expired(socket: Socket): void {
    if (socket === this.current) this.rotate();
    else socket.close('token-expired');
  }

  closed(socket: Socket, reason: string): void {
    this.#sockets.delete(socket);
    if (this.#isOver) return;
    if (socket === this.#candidate) this.#candidate = undefined;
    else if (socket === this.current) {
      this.#forgive();
      this.current = undefined;
      this.#owner.become('connecting');
    } else return;
    if (this.#candidate) {
      if (this.#candidate.isOpen) this.#adopt(this.#candidate);
      return;
    }
    // The wait for the pong has already taken seconds, so the next attempt follows at once.
    const retryMs = reason === 'no pong' ? 0 : this.#owner.settings.retryMs(this.#failures);
    this.#failures += 1;
    this.#owner.events.emit('reconnecting', { delayMs: this.#dialIn(retryMs), reason });
  }

  close(): void {
    this.#isOver = true;
    this.current = undefined;
    for (const socket of this.#sockets) socket.close('closed');
  }

  #adopt(socket: Socket): void {
    const { settings, events } = this.#owner;
    const old = this.current;
    this.current = socket;
    this.#candidate = undefined;
    this.#adoptedAt = settings.clock.now();
    this.#cancelRotation();
    this.#cancelRotation = settings.clock.after(settings.rotateAfterMs(socket.token), () => this.rotate());
    this.#owner.become('connected');
    if (!old) return;
    old.retire();
    events.emit('rotated', undefined);
  }

  #forgive(): void {
    const { clock, backoff } = this.#owner.settings;
    this.#failures = failuresAfter(clock.now() - this.#adoptedAt, this.#failures, backoff);
  }

  #dialIn(ms: number): number {
    const { clock } = this.#owner.settings;
    const delayMs = Math.max(ms, this.#notBefore - clock.now());
    this.#cancelDial?.();
    this.#cancelDial = clock.after(delayMs, () => this.dial());
    return delayMs;
  }
}
