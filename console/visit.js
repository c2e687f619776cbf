/** One session at a time, over a network that the user can cut, and the reason when its handshake fails. */

import { FanfareError } from './client.js';
import { sentenceOf } from './failures.js';
import { explain } from './handshakes.js';
import { Network } from './network.js';
import { Session } from './session.js';

export class Visit {
  network;
  /** @type {Session | undefined} */
  session;
  #notice;
  /** Why the last session was ended. */
  #end = '';
  /** Why the last handshake failed, until one succeeds. */
  #failure = '';

  /**
   * @param {import('./notice.js').Notice} notice
   * @param {(kind: import('./network.js').FrameKind, text: string) => void} [onFrame]
   */
  constructor(notice, onFrame = () => {}) {
    this.#notice = notice;
    this.network = new Network({ onFrame, onFailedHandshake: (attempt) => void this.#failed(attempt) });
  }

  /**
   * @param {string} url
   * @param {string} token
   * @param {import('./session.js').View} view
   */
  open(url, token, view) {
    this.#end = '';
    this.session = new Session(url, token, this.network, view);
    return this.session;
  }

  /** @param {string} [why] */
  close(why = '') {
    const { session } = this;
    this.#end = why;
    this.session = undefined;
    session?.close();
  }

  /** Removes the notice about a handshake that failed before. */
  connected() {
    this.#notice.retract(this.#failure);
  }

  /**
   * Says in a sentence what failed. If the session has ended meanwhile, the sentence gives that as the reason.
   *
   * @param {unknown} error
   */
  reasonOf(error) {
    const isEnded = error instanceof FanfareError && error.code === 'closed';
    return (isEnded && this.#end) || sentenceOf(error);
  }

  /** @param {import('./handshakes.js').Attempt} attempt */
  async #failed(attempt) {
    const { session } = this;
    const { sentence, isFinal } = await explain(attempt);
    const isOver = !session || session !== this.session || session.state === 'connected';
    if (isOver || this.network.isCut) return;
    this.#failure = sentence;
    // Every further attempt would be refused as well.
    if (isFinal) this.close(sentence);
    this.#notice.warn(sentence);
  }
}
