/** The list of one client of the tour: its messages, its publishes that are not confirmed yet, and interruptions. */

import { create, part } from './elements.js';
import { RowList } from './row-list.js';

/**
 * @typedef {object} Shown
 * @property {string} number
 * @property {string} from Empty if the message has no author.
 * @property {string} text
 * @property {boolean} isOwn
 * @property {boolean} isLate Whether it arrived after an interruption.
 */

export class PaneList {
  #rows;
  #waiting;

  /** @param {HTMLElement} box Scrolls, and holds both lists. */
  constructor(box) {
    this.#rows = new RowList(part(box, '.rows', HTMLOListElement), box);
    this.#waiting = part(box, '.waiting', HTMLUListElement);
  }

  /** @param {Shown} message */
  add({ number, from, text, isOwn, isLate }) {
    const row = create('li', '', ['message', isOwn && 'own', isLate && 'late'].filter(Boolean).join(' '));
    row.append(create('span', number, 'number'), create('b', from), create('span', text, 'text'));
    if (isLate) row.append(create('small', 'arrived late'));
    this.#rows.add(row);
    // The message replaces the row of its publish.
    if (isOwn) this.#waitingFor(text)?.remove();
  }

  /**
   * @param {'cut' | 'resumed' | 'lost'} kind
   * @param {string} sentence
   */
  mark(kind, sentence) {
    this.#rows.add(create('li', sentence, `marker ${kind}`));
  }

  /**
   * Shows the typed text at once, before the server has it.
   *
   * @param {string} text
   * @param {string} state
   */
  wait(text, state) {
    const row = create('li');
    row.append(create('span', text, 'text'), create('small', state));
    this.#waiting.append(row);
    this.#rows.showEnd();
    return { forget: () => row.remove() };
  }

  /** @param {string} text */
  #waitingFor(text) {
    return [...this.#waiting.children].find((row) => part(row, '.text', HTMLElement).textContent === text);
  }
}
