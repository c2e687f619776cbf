/** One client of the tour, with its own connection and network: its messages, its text field, and the button that cuts its network. */

import { Arrivals } from './arrivals.js';
import { part } from './elements.js';
import { sentenceOf } from './failures.js';
import { Notice } from './notice.js';
import { PaneList } from './pane-list.js';
import { tourMessageOf } from './tour-message.js';
import { Visit } from './visit.js';

/**
 * @typedef {object} Place The place of a client: its server, its channel, and the parts of the page that react to it.
 * @property {string} url
 * @property {string} channel
 * @property {import('./numbering.js').Numbering} numbering
 * @property {() => Promise<unknown>} together Resolves when all clients are subscribed, so that each sees the messages of the
 *   other.
 * @property {() => void} changed
 */

export class Pane {
  name;
  arrivals = new Arrivals();
  /** How many messages arrived after an interruption, so far. */
  caughtUp = 0;
  hasMessages = false;
  /** How many of its messages the server has confirmed, and how many it got. */
  sent = 0;
  received = 0;
  #element;
  #place;
  #list;
  #notice;
  #visit;
  /** @type {Promise<boolean>} */
  #subscribed = Promise.resolve(false);
  /** How many messages arrived since the last interruption, without the client's own. */
  #late = 0;

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
    this.#visit = new Visit(this.#notice);
    this.#cutButton.addEventListener('click', () => this.#toggleNetwork());
    part(element, 'form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#write();
    });
  }

  get isCut() {
    return this.#visit.network.isCut;
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** Subscribed or refused. In both cases the other client need not wait for it any more. */
  get subscribed() {
    return this.#subscribed;
  }

  open() {
    const { url, channel, numbering } = this.#place;
    const session = this.#visit.open(url, '', this.#view);
    this.#subscribed = session.subscribe(channel).then((isSubscribed) => {
      const position = session.position(channel);
      numbering.begin(position);
      this.arrivals.begin(position);
      if (isSubscribed) this.#show('connected', 'Connected');
      this.#cutButton.disabled = !isSubscribed;
      return isSubscribed;
    });
    return session;
  }

  /** @param {number} count How many messages the others have that this one has not. */
  showMissed(count) {
    if (this.isCut) this.#show('cut', count > 0 ? `Network cut, ${count} missed` : 'Network cut');
  }

  /** @type {import('./session.js').View} */
  #view = {
    state: (state, text) => {
      if (state === 'connected') this.#visit.connected();
      // Before it is subscribed it gets no messages, so the tour does not show it as connected.
      const isReady = state !== 'connected' || this.#visit.session?.channels.includes(this.#place.channel);
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
    this.received += 1;
    this.arrivals.add(seq);
    const { from, text } = tourMessageOf(data);
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
    const session = this.#visit.session ?? this.open();
    this.#field.value = '';
    const isConnected = session.state === 'connected';
    // Keeps the reason why it is not connected.
    if (isConnected) this.#notice.clear();
    const way = isConnected ? 'on its way' : 'waits for the connection';
    const waiting = this.#list.wait(text, this.isCut ? 'waits for the network' : way);
    try {
      await this.#place.together();
      await session.publish(this.#place.channel, { from: this.name, text });
      this.sent += 1;
    } catch (error) {
      waiting.forget();
      // Puts the text back into the field, unless the user has typed another one meanwhile.
      this.#field.value ||= text;
      this.#notice.warn(`Not sent. ${this.#visit.reasonOf(error)}`);
    }
  }

  #toggleNetwork() {
    const { isCut } = this;
    if (isCut) {
      this.#show('connecting', 'Reconnecting');
      this.#visit.network.mend();
    } else {
      this.#visit.network.cut();
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
    // Screen readers would read a live region again if the same sentence were set again.
    if (line.textContent !== sentence) line.textContent = sentence;
  }

  get #field() {
    return part(this.#element, 'input', HTMLInputElement);
  }

  get #cutButton() {
    return part(this.#element, '.cut-network', HTMLButtonElement);
  }
}
