/** Keeps one line of a page at the bill of what its visitor has done since the clients were connected. */

import { readBill } from './bill.js';
import { billSentence } from './plain-bill.js';

const EVERY_MS = 3_000;
const MINUTE_MS = 60_000;

export class BillLine {
  #element;
  #doings;
  /** Of the whole runtime, when counting began. @type {number | undefined} */
  #from;
  /** What was spent before the line last rested. */
  #spent = 0;
  #begunAt = 0;
  #timer = 0;

  /**
   * @param {HTMLElement} element
   * @param {() => import('./plain-bill.js').Doings} doings
   */
  constructor(element, doings) {
    this.#element = element;
    this.#doings = doings;
  }

  /** Counts from now on. The cost of connecting is on the bill of the console. */
  begin() {
    this.end();
    this.#begunAt = Date.now();
    this.resume();
  }

  end() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#begunAt = 0;
    this.#spent = 0;
    this.#element.textContent = '';
  }

  /** Counts nothing until it resumes, because something else on the page causes costs. Settles when all is counted up to now. */
  async rest() {
    if (this.#timer === 0) return;
    clearInterval(this.#timer);
    this.#timer = 0;
    await this.#show();
  }

  resume() {
    if (this.#timer !== 0 || this.#begunAt === 0) return;
    this.#from = undefined;
    this.#timer = setInterval(() => void this.#show(), EVERY_MS);
    void this.#show();
  }

  async #show() {
    if (document.hidden) return;
    const begunAt = this.#begunAt;
    const bill = await readBill().catch(() => undefined);
    // The line may have begun anew while the bill was on its way.
    if (!bill || begunAt !== this.#begunAt) return;
    this.#spent += bill.dollars - (this.#from ?? bill.dollars);
    this.#from = bill.dollars;
    const minutes = Math.max(1, Math.ceil((Date.now() - begunAt) / MINUTE_MS));
    const sentence = billSentence(this.#doings(), this.#spent, minutes);
    if (this.#element.textContent !== sentence) this.#element.textContent = sentence;
  }
}
