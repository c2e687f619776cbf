/**
 * The messages of all channels, in the order of delivery. It shows interruptions: where each one was, which messages
 * were replayed behind it, and whether a number is missing.
 */

import { create } from './elements.js';
import { now } from './moment.js';
import { RowList } from './row-list.js';

/** @typedef {import('./client.js').Message} Message */

export class MessageList {
  #rows;
  /** @type {Map<string, number>} The last number of each channel. */
  #positions = new Map();

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#rows = new RowList(list);
  }

  /**
   * @param {string} channel
   * @param {Message} message
   * @param {boolean} isReplayed Whether it was published while the connection was down.
   */
  add(channel, { seq, data, from }, isReplayed) {
    this.#markHole(channel, seq);
    const row = create('li', '', isReplayed ? 'message replayed' : 'message');
    row.append(
      create('time', now()),
      create('span', channel, 'channel'),
      create('span', seq === undefined ? '' : String(seq), 'seq'),
      create('span', from ?? '', 'from'),
      create('code', typeof data === 'string' ? data : JSON.stringify(data)),
    );
    this.#rows.add(row);
  }

  /**
   * @param {'cut' | 'resumed' | 'lost' | 'hole'} kind
   * @param {string} sentence
   */
  mark(kind, sentence) {
    const row = create('li', '', `marker ${kind}`);
    row.append(create('time', now()), create('span', sentence));
    this.#rows.add(row);
  }

  /** @param {string} channel Starts anew with the next message. */
  forget(channel) {
    this.#positions.delete(channel);
  }

  clear() {
    this.#rows.clear();
  }

  /**
   * The writer of this number died before it wrote a message. The server has said so; otherwise the client would still wait for
   * the message.
   *
   * @param {string} channel
   * @param {number | undefined} seq
   */
  #markHole(channel, seq) {
    if (seq === undefined) return;
    const last = this.#positions.get(channel);
    this.#positions.set(channel, seq);
    if (last === undefined || seq === last + 1) return;
    const count = seq - last - 1;
    this.mark('hole', `${channel}: ${count === 1 ? 'one number has' : `${count} numbers have`} no message`);
  }
}
