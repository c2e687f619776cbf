/**
 * Keeps one socket open until the connection is closed, and replaces it before the server closes it.
 *
 * To reconnect and to rotate is the same: dial a candidate. Without a current socket, the candidate takes over as soon as it is
 * open. Otherwise it takes over when it has all subscriptions, so that no message is missed in between.
 */

import type { ConnectionState } from '../events/connection-events.ts';
import type { Cancel, Timer } from '../platform/clock.ts';
import { Socket, type SocketContext, type SocketOwner } from './socket.ts';

/** An attempt that hangs takes as long as a few that fail at once. */
const FAILURES_OF_A_TIMEOUT = 7;

export interface DialerOwner extends SocketContext {
  readonly state: ConnectionState;
  become(state: 'connected' | 'connecting'): void;
}

export class Dialer implements SocketOwner {
  declare adopted: Socket | undefined;
  readonly #owner: DialerOwner;
  /**
   * All sockets that are not closed: the current one, a candidate to replace it, and replaced ones that still wait for replies. Several
   * receive the same channels.
   */
  readonly sockets = new Set<Socket>();
  #candidate: Socket | undefined;
  #failures = 0;
  #adoptedAt = 0;
  /** The server asked not to connect before this time. */
  #notBefore = 0;
  #cancelDial: Cancel | undefined;
  readonly #rotation: Timer;

  constructor(owner: DialerOwner) {
    this.#owner = owner;
    this.#rotation = owner.settings.timers.timer();
  }

  dial(): void {
    this.#cancelDial?.();
    this.#cancelDial = undefined;
    if (this.#candidate || this.#owner.state === 'closed') return;
    this.#candidate = new Socket(this.#owner, this);
    this.sockets.add(this.#candidate);
  }

  /** The wanted subscriptions have changed. */
  sync(): void {
    this.adopted?.sync();
    this.#candidate?.sync();
  }

  /**
   * The page is visible again, or the network is back. Checks the sockets, and ends the wait for the next attempt. An attempt that is
   * under way may hang: its packets may have gone to a network that is no more.
   */
  wakeUp(): void {
    for (const socket of this.sockets) socket.wakeUp();
    if (!this.adopted) this.#dialIn(0);
  }

  /** Replaces the current socket, after a random delay: a server that closes may have told all of its clients at once. */
  rotate(): void {
    const { retryMs } = this.#owner.settings;
    if (!this.adopted || this.#candidate || this.#cancelDial) return;
    this.#forgive();
    this.#dialIn(retryMs(this.#failures));
    // Counts as a failure until the next socket has proved stable: the next token may have expired as well.
    this.#failures += 1;
  }

  opened(socket: Socket): void {
    if (!this.adopted) this.#adopt(socket);
  }

  synced(socket: Socket): void {
    if (socket === this.#candidate) this.#adopt(socket);
  }

  /**
   * The current socket stays until the next one has replaced it. Every other one is useless, or has been replaced.
   *
   * @param delayMs The server asks not to connect for this long.
   */
  leave(socket: Socket, reason: string, delayMs = 0): void {
    if (delayMs > 0) this.#notBefore = this.#owner.settings.timers.now() + delayMs;
    if (socket === this.adopted) this.rotate();
    else socket.close(reason);
  }

  closed(socket: Socket, reason: string): void {
    this.sockets.delete(socket);
    if (this.#owner.state === 'closed') return;
    if (socket === this.#candidate) this.#candidate = undefined;
    else if (socket === this.adopted) {
      this.#forgive();
      this.adopted = undefined;
      this.#owner.become('connecting');
    } else return;
    if (this.#candidate) {
      if (this.#candidate.isOpen) this.#adopt(this.#candidate);
      return;
    }
    // The wait for the pong has already taken seconds, so the next attempt follows at once.
    // All clients of a server that does not answer give up after the same time.
    if (reason === 'timeout') this.#failures += FAILURES_OF_A_TIMEOUT;
    const retryMs = reason === 'no pong' ? 0 : this.#owner.settings.retryMs(this.#failures);
    this.#failures += 1;
    this.#owner.emit('reconnecting', { delayMs: this.#dialIn(retryMs), reason });
  }

  close(): void {
    this.adopted = undefined;
    for (const socket of this.sockets) socket.close('closed');
  }

  #adopt(socket: Socket): void {
    const { settings } = this.#owner;
    const { timers: clock, rotateAfterMs } = settings;
    const old = this.adopted;
    this.adopted = socket;
    this.#candidate = undefined;
    this.#rotation(rotateAfterMs(socket.token), () => this.rotate());
    this.#adoptedAt = clock.now();
    this.#owner.become('connected');
    if (!old) return;
    old.retire();
    this.#owner.emit('rotated', undefined);
  }

  #forgive(): void {
    const { timers: clock, backoff } = this.#owner.settings;
    if (clock.now() - this.#adoptedAt >= backoff.stableMs) this.#failures = 0;
  }

  #dialIn(ms: number): number {
    const { timers: clock } = this.#owner.settings;
    const delayMs = Math.max(ms, this.#notBefore - clock.now());
    this.#cancelDial?.();
    if (delayMs > 0) this.#cancelDial = clock.after(delayMs, () => this.dial());
    else this.dial();
    return delayMs;
  }
}
