/** One client of the tour, with a connection and a network of its own: what it sees, what it writes, and its cable. */

import { Arrivals } from './arrivals.js';
import { FanfareError } from './client.js';
import { part } from './elements.js';
import { sentenceOf } from './failures.js';
import { explain } from './handshakes.js';
import { Network } from './network.js';
import { Notice } from './notice.js';
import { PaneList } from './pane-list.js';
import { Session } from './session.js';

/**
 * @typedef {object} Place Where a client talks, and who listens to what happens to it.
 * @property {string} url
 * @property {string} channel
 * @property {import('./numbering.js').Numbering} numbering
 * @property {() => Promise<unknown>} together Resolves when all clients are subscribed, so that all see what one writes.
 * @property {() => void} changed
 */

export class Pane {
  name;
  arrivals = new Arrivals();
  /** How many messages arrived after an interruption, so far. */
  caughtUp = 0;
  hasMessages = false;
  #element;
  #place;
  #list;
  #notice;
  #network = new Network({ onFailedHandshake: (attempt) => void this.#handshakeFailed(attempt) });
  /** @type {Session | undefined} */
  #session;
  /** @type {Promise<boolean>} */
  #subscribed = Promise.resolve(false);
  /** How many of them arrived since the last interruption; what it wrote itself was not missed. */
  #late = 0;
  #end = '';
  #failure = '';

  /**
   * @param {HTMLElement} element
   * @param {string} name
   * @param {Place} place
   */
  constructor(element, name, place) {
    this.name = name;
    this.#element = element;
    this.#place = place;
    this.#list = new PaneList(part(element, '.log', HTMLElement));
    this.#notice = new Notice(part(element, '.notice', HTMLElement));
    this.#cutButton.addEventListener('click', () => this.#toggleNetwork());
    part(element, 'form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#write();
    });
  }

  get isCut() {
    return this.#network.isCut;
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** Subscribed, or refused: also then there is no point in waiting for it. */
  get subscribed() {
    return this.#subscribed;
  }

  open() {
    const { url, channel, numbering } = this.#place;
    this.#end = '';
    const session = new Session(url, '', this.#network, this.#view);
    this.#session = session;
    this.#subscribed = session.subscribe(channel).then((isSubscribed) => {
      const position = session.position(channel);
      numbering.begin(position);
      if (position !== undefined) this.arrivals.begin(position);
      if (isSubscribed) this.#show('connected', 'Connected');
      this.#cutButton.disabled = !isSubscribed;
      return isSubscribed;
    });
  }

  /** @param {number} count How many messages the others have that this one has not. */
  showMissed(count) {
    if (this.isCut) this.#show('cut', count > 0 ? `Network cut, ${count} missed` : 'Network cut');
  }

  /** @type {import('./session.js').View} */
  #view = {
    state: (state, text) => {
      if (state === 'connected') this.#notice.retract(this.#failure);
      // Before it is subscribed it sees nothing, so nothing that counts is connected.
      const isReady = state !== 'connected' || this.#session?.channels.includes(this.#place.channel);
      if (isReady && !this.isCut) this.#show(state, text);
    },
    channels: () => {},
    message: (_channel, message, isReplayed) => this.#received(message, isReplayed),
    interrupted: () => {
      if (!this.isCut) this.#list.mark('cut', 'The connection was lost');
    },
    resumed: () => {
      const count = this.#late;
      this.#late = 0;
      const arrived = count === 1 ? '1 message arrived' : `${count} messages arrived`;
      const sentence =
        count === 0 ? 'nothing was missed' : `${arrived} late, in order, ${this.arrivals.summary}`;
      this.#list.mark('resumed', `Caught up: ${sentence}`);
      this.caughtUp += count;
      this.#place.changed();
    },
    lost: (_channel, { to }) => {
      this.#place.numbering.beginAnew(to);
      this.arrivals.beginAnew(to);
      this.#list.mark('lost', 'The server does not have some of the messages any more. Numbers begin anew.');
    },
    members: () => {},
    failure: (error) => this.#notice.warn(sentenceOf(error)),
  };

  /**
   * @param {import('./client.js').Message} message
   * @param {boolean} isReplayed
   */
  #received({ seq, data }, isReplayed) {
    this.arrivals.add(seq);
    const { from, text } = contentOf(data);
    const number = seq === undefined ? '' : String(this.#place.numbering.of(seq));
    const isOwn = from === this.name;
    const isLate = isReplayed && !isOwn;
    if (isLate) this.#late += 1;
    this.#list.add({ number, from, text, isOwn, isLate });
    this.hasMessages = true;
    this.#place.changed();
  }

  async #write() {
    const text = this.#field.value.trim();
    if (text === '') return this.#notice.inform(`Type a message as ${this.name} first.`);
    if (!this.#session) this.open();
    this.#field.value = '';
    const isConnected = this.#session?.state === 'connected';
    // Why it is not connected still matters.
    if (isConnected) this.#notice.clear();
    const way = isConnected ? 'on its way' : 'waits for the connection';
    const waiting = this.#list.wait(text, this.isCut ? 'waits for the network' : way);
    try {
      await this.#place.together();
      if (!this.#session) throw new Error(this.#end);
      await this.#session.publish(this.#place.channel, { from: this.name, text });
    } catch (error) {
      waiting.forget();
      // Nothing that was typed gets lost, unless something else was typed meanwhile.
      this.#field.value ||= text;
      const isEnded = error instanceof FanfareError && error.code === 'closed';
      this.#notice.warn(`Not sent. ${(isEnded && this.#end) || sentenceOf(error)}`);
    }
  }

  /** @param {import('./handshakes.js').Attempt} attempt */
  async #handshakeFailed(attempt) {
    const session = this.#session;
    const { sentence, isFinal } = await explain(attempt);
    if (!session || session !== this.#session || session.state === 'connected' || this.isCut) return;
    this.#failure = sentence;
    if (isFinal) {
      this.#end = sentence;
      this.#session = undefined;
      session.close();
    }
    this.#notice.warn(sentence);
  }

  #toggleNetwork() {
    const { isCut } = this;
    if (isCut) {
      this.#show('connecting', 'Reconnecting');
      this.#network.mend();
    } else {
      this.#network.cut();
      this.#list.mark('cut', `The network of ${this.name} was cut`);
      this.#show('cut', 'Network cut');
    }
    this.#cutButton.textContent = isCut ? `Cut ${this.name}’s network` : `Mend ${this.name}’s network`;
    this.#place.changed();
  }

  /**
   * @param {'connecting' | 'connected' | 'disconnected' | 'cut'} state
   * @param {string} sentence
   */
  #show(state, sentence) {
    this.#element.dataset['state'] = state;
    const line = part(this.#element, '.state', HTMLElement);
    // A live region would repeat a sentence that is set again.
    if (line.textContent !== sentence) line.textContent = sentence;
  }

  get #field() {
    return part(this.#element, 'input', HTMLInputElement);
  }

  get #cutButton() {
    return part(this.#element, '.cut-network', HTMLButtonElement);
  }
}

/**
 * What the tour sends has an author and a text; the console and other programs send what they like.
 *
 * @param {unknown} data
 * @returns {{ from: string, text: string }}
 */
function contentOf(data) {
  if (typeof data === 'string') return { from: '', text: data };
  if (typeof data !== 'object' || data === null) return { from: '', text: JSON.stringify(data) };
  const { from, text } = /** @type {{ from?: unknown, text?: unknown }} */ (data);
  if (typeof from !== 'string' || typeof text !== 'string') return { from: '', text: JSON.stringify(data) };
  return { from, text };
}
