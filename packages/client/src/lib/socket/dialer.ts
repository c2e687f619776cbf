/**
 * Keeps one link up, for ever, and replaces it by a younger one before it is closed.
 *
 * Reconnecting and rotating are one thing: dial a candidate. While there is no link, it takes over as soon as it is open;
 * while there is one, only when it has all subscriptions, so that nothing is missed in between.
 */

import type { Hub } from '../hub.ts';
import { type Cancel, nothingPlanned } from '../platform/clock.ts';
import { failuresAfter } from '../settings/backoff.ts';
import { Link, type LinkOwner } from './socket.ts';

export interface DialerOwner extends Hub {
  become(state: 'connected' | 'connecting'): void;
}

export class Dialer implements LinkOwner {
  current: Link | undefined;
  readonly #owner: DialerOwner;
  /** All that are not closed: the current one, a candidate to replace it, and those that are about to go. */
  readonly #links = new Set<Link>();
  #candidate: Link | undefined;
  #failures = 0;
  #linkedAt = 0;
  /** The server asked not to come before. Milliseconds since 1970. */
  #notBefore = 0;
  #cancelDial: Cancel | undefined;
  #cancelRotation = nothingPlanned;
  #isOver = false;

  constructor(owner: DialerOwner) {
    this.#owner = owner;
  }

  /** Whether several sockets receive the same channels. */
  get isShared(): boolean {
    return this.#links.size > 1;
  }

  dial(): void {
    this.#cancelDial?.();
    this.#cancelDial = undefined;
    if (this.#candidate || this.#isOver) return;
    this.#candidate = new Link(this.#owner, this);
    this.#links.add(this.#candidate);
  }

  /** The wanted subscriptions have changed. */
  sync(): void {
    this.current?.sync();
    this.#candidate?.sync();
  }

  /** There is reason to doubt: is the link alive, or is it worth to dial right now? */
  doubt(): void {
    if (this.current) void this.current.check();
    else this.dial();
  }

  /**
   * Replaces the link, not before a delay. Milliseconds. Like every attempt it is spread at random, for all clients may
   * have been told at once.
   */
  rotate(delayMs = 0): void {
    const { clock, retryMs } = this.#owner.settings;
    this.#notBefore = Math.max(this.#notBefore, clock.now() + delayMs);
    if (!this.current || this.#candidate || this.#cancelDial) return;
    this.#forgive();
    this.#dialIn(retryMs(this.#failures));
    // Until the next link has proved to be stable: its token may be no better.
    this.#failures += 1;
  }

  opened(link: Link): void {
    if (!this.current) this.#adopt(link);
  }

  synced(link: Link): void {
    if (link === this.#candidate) this.#adopt(link);
  }

  /** Without a good token a link is of no use, but for the current one, which goes on until the next one is there. */
  expired(link: Link): void {
    if (link === this.current) this.rotate();
    else link.close('token-expired');
  }

  closed(link: Link, reason: string): void {
    this.#links.delete(link);
    if (this.#isOver) return;
    if (link === this.#candidate) this.#candidate = undefined;
    else if (link === this.current) {
      this.#forgive();
      this.current = undefined;
      this.#owner.become('connecting');
    } else return;
    if (this.#candidate) {
      if (this.#candidate.isOpen) this.#adopt(this.#candidate);
      return;
    }
    // A link that was silent has cost its time already; what follows it comes at once.
    const retryMs = reason === 'no pong' ? 0 : this.#owner.settings.retryMs(this.#failures);
    this.#failures += 1;
    this.#owner.events.emit('reconnecting', { delayMs: this.#dialIn(retryMs), reason });
  }

  close(): void {
    this.#isOver = true;
    this.current = undefined;
    for (const link of this.#links) link.close('closed');
  }

  #adopt(link: Link): void {
    const { settings, events } = this.#owner;
    const old = this.current;
    this.current = link;
    this.#candidate = undefined;
    this.#linkedAt = settings.clock.now();
    this.#cancelRotation();
    this.#cancelRotation = settings.clock.after(settings.rotateAfterMs(link.token), () => this.rotate());
    this.#owner.become('connected');
    if (!old) return;
    old.retire();
    events.emit('rotated', undefined);
  }

  #forgive(): void {
    const { clock, backoff } = this.#owner.settings;
    this.#failures = failuresAfter(clock.now() - this.#linkedAt, this.#failures, backoff);
  }

  #dialIn(ms: number): number {
    const { clock } = this.#owner.settings;
    const delayMs = Math.max(ms, this.#notBefore - clock.now());
    this.#cancelDial?.();
    this.#cancelDial = clock.after(delayMs, () => this.dial());
    return delayMs;
  }
}
