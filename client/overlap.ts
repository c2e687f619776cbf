/**
 * Tells copies apart while two sockets receive the same channels, for messages that have no number to tell them by.
 *
 * A message that reached both sockets is counted on each of them and passes when its count first rises on either, so the
 * overlap neither doubles nor drops one, in whatever order the copies come.
 */

import type { Message } from '../protocol/actions.ts';

interface Count {
  passed: number;
  readonly bySocket: Map<object, number>;
}

export class Overlap<Socket extends object> {
  readonly #counts = new Map<string, Count>();
  #wasShared = false;

  /** Whether this is the first copy. Behind an overlap, only copies of what came in it are still known. */
  isFresh(socket: Socket, channel: string, message: Message, isShared: boolean): boolean {
    if (isShared && !this.#wasShared) this.#counts.clear();
    this.#wasShared = isShared;
    if (!isShared && this.#counts.size === 0) return true;
    const name = JSON.stringify([channel, message]);
    const count = this.#counts.get(name) ?? { passed: 0, bySocket: new Map() };
    if (isShared) this.#counts.set(name, count);
    const copies = (count.bySocket.get(socket) ?? 0) + 1;
    count.bySocket.set(socket, copies);
    if (copies <= count.passed) return false;
    count.passed = copies;
    return true;
  }
}
