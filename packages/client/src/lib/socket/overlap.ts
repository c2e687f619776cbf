/**
 * Tells copies apart while two sockets receive the same channels, for messages that have no number to tell them by.
 *
 * A message that reached both sockets is counted on each of them and passes when its count first rises on either, so the
 * overlap neither doubles nor drops one, in whatever order the copies come.
 */

import type { Message } from 'fanfare-protocol/message';

export class Overlap<Socket extends object> {
  /** How often each message came, by socket. */
  readonly #counts = new Map<string, Map<Socket, number>>();
  #wasShared = false;

  /** Whether this is the first copy. Behind an overlap, only copies of what came in it are still known. */
  isFresh(socket: Socket, channel: string, message: Message, isShared: boolean): boolean {
    if (isShared && !this.#wasShared) this.#counts.clear();
    this.#wasShared = isShared;
    if (!isShared && this.#counts.size === 0) return true;
    const name = JSON.stringify([channel, message]);
    const counts = this.#counts.get(name) ?? new Map<Socket, number>();
    if (isShared) this.#counts.set(name, counts);
    const copies = (counts.get(socket) ?? 0) + 1;
    const passed = Math.max(0, ...counts.values());
    counts.set(socket, copies);
    return copies > passed;
  }
}
