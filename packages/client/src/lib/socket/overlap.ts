/**
 * Recognizes copies while two sockets receive the same channels, for messages without a `seq`.
 *
 * It counts each message on each socket. A copy passes if it raises the highest count of that message. So a message that reached
 * both sockets passes once, and one that was published twice passes twice, in every order of the copies.
 */

import type { Message } from 'fanfare-protocol/message';

export class Overlap<Socket extends object> {
  /** By message: how often it came on each socket. */
  readonly #counts = new Map<string, Map<Socket, number>>();
  #wasShared = false;

  /**
   * Whether this is the first copy of the message.
   *
   * @param isShared Whether two sockets receive the same channels now. Late copies of messages of that time are still recognized
   *   afterwards.
   */
  isFresh(socket: Socket, channel: string, message: Message, isShared: boolean): boolean {
    if (isShared && !this.#wasShared) this.#counts.clear();
    this.#wasShared = isShared;
    // Also while one socket is open and nothing is counted: a guard would be 11 bytes of what a page loads.
    const name = JSON.stringify([channel, message]);
    const counts = this.#counts.get(name) ?? new Map<Socket, number>();
    if (isShared) this.#counts.set(name, counts);
    const copies = (counts.get(socket) ?? 0) + 1;
    const passed = Math.max(0, ...counts.values());
    counts.set(socket, copies);
    return copies > passed;
  }
}
