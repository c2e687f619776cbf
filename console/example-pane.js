/** A page of an example in a pane of the tour, and the button that cuts its network. */

import { caughtUpSentence } from './caught-up.js';
import { part } from './elements.js';
import { FrameRecord } from './frame-record.js';

/** @typedef {{ label: string, query: string }} Shown As `examples.json` has it. */

/**
 * @typedef {object} Place
 * @property {() => void} changed Something was sent, got, cut or mended.
 * @property {() => void} escape The visitor pressed Escape in the page.
 */

export class ExamplePane {
  element;
  record = new FrameRecord();
  isConnected = false;
  isCut = false;
  #label;
  #frame;
  #place;
  /** The messages of the others before the cut. */
  #before = 0;
  /** @type {AbortController} */
  #listening = new AbortController();

  /**
   * @param {HTMLElement} element
   * @param {string} example
   * @param {Shown} shown
   * @param {Place} place
   */
  constructor(element, example, { label, query }, place) {
    this.element = element;
    this.#place = place;
    this.#label = label;
    element.ariaLabel = `Pane of ${label}`;
    part(element, 'h3', HTMLElement).textContent = label;
    this.#button.addEventListener('click', () => this.#toggle());
    addEventListener('message', (message) => this.#heard(message), { signal: this.#listening.signal });
    this.#frame = part(element, 'iframe', HTMLIFrameElement);
    this.#frame.title = `The page of ${label}`;
    this.#frame.src = `/examples/${example}/${query}&tour`;
    this.#name();
  }

  close() {
    this.#listening.abort();
    this.element.remove();
  }

  /** @param {number} count How many messages the other page has got so far that this one follows as well. */
  showMissed(count) {
    if (!this.isCut) {
      this.#before = count;
      return;
    }
    const missed = count - this.#before;
    this.#show('cut', missed > 0 ? `Network cut, ${missed} missed` : 'Network cut');
  }

  /** @param {MessageEvent} message */
  #heard({ source, origin, data }) {
    if (source !== this.#frame.contentWindow || origin !== location.origin) return;
    listeners.get(data?.fanfare)?.(this, data.text);
  }

  /** The page was loaded, perhaps anew. Its network is whole. */
  ready() {
    this.record = new FrameRecord();
    this.isCut = false;
    this.#name();
    this.#show('connecting', 'Connecting');
  }

  open() {
    this.isConnected = true;
    this.#button.disabled = false;
    this.#show('connected', 'Connected');
    this.#place.changed();
  }

  /** @param {string} text */
  sent(text) {
    this.record.wasSent(text);
  }

  /** @param {string} text */
  received(text) {
    this.record.wasReceived(text);
    const caughtUp = this.isCut ? undefined : this.record.takeCaughtUp();
    if (caughtUp) this.#outcome.textContent = caughtUpSentence(caughtUp);
    this.#place.changed();
  }

  escape() {
    this.#place.escape();
  }

  #toggle() {
    this.isCut = !this.isCut;
    this.#name();
    this.#frame.contentWindow?.postMessage({ fanfare: this.isCut ? 'cut' : 'mend' }, location.origin);
    if (this.isCut) {
      this.record.cut();
      this.#outcome.textContent = '';
      this.#show('cut', 'Network cut');
    } else {
      this.#show('connecting', 'Connecting');
    }
    this.#place.changed();
  }

  #name() {
    const action = this.isCut ? 'Mend the network' : 'Cut the network';
    this.#button.textContent = action;
    this.#button.ariaLabel = `${action} of ${this.#label}`;
  }

  /**
   * @param {'connecting' | 'connected' | 'cut'} state
   * @param {string} sentence
   */
  #show(state, sentence) {
    this.element.dataset['state'] = state;
    const line = part(this.element, '.state', HTMLElement);
    // Screen readers would read a live region again if the same sentence were set again.
    if (line.textContent !== sentence) line.textContent = sentence;
  }

  get #button() {
    return part(this.element, '.cut-network', HTMLButtonElement);
  }

  get #outcome() {
    return part(this.element, '.outcome', HTMLElement);
  }
}

/** By what `framed-network.js` tells. @type {Map<unknown, (pane: ExamplePane, text: string) => void>} */
const listeners = new Map([
  ['ready', (/** @type {ExamplePane} */ pane) => pane.ready()],
  ['open', (/** @type {ExamplePane} */ pane) => pane.open()],
  ['sent', (/** @type {ExamplePane} */ pane, /** @type {string} */ text) => pane.sent(text)],
  ['received', (/** @type {ExamplePane} */ pane, /** @type {string} */ text) => pane.received(text)],
  ['escape', (/** @type {ExamplePane} */ pane) => pane.escape()],
]);
