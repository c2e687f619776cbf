/**
 * A list that stays fast: rows are added once per picture, the oldest go, and the browser skips what is out of sight
 * (`content-visibility` in the style sheet).
 */

/** Enough to look back over a busy minute. */
const ROWS_KEPT = 10_000;

/** Closer to the end than this counts as being there: zoomed pages scroll by fractions of a pixel. */
const END_MARGIN_PX = 8;

export class RowList {
  #list;
  /** @type {HTMLElement[]} */
  #waiting = [];
  #isPlanned = false;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  /** @param {HTMLElement} row */
  add(row) {
    this.#waiting.push(row);
    // A page in the background paints nothing, and would only collect them.
    if (this.#waiting.length > 2 * ROWS_KEPT) this.#waiting.splice(0, ROWS_KEPT);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    requestAnimationFrame(() => this.#show());
  }

  clear() {
    this.#waiting = [];
    this.#list.replaceChildren();
  }

  #show() {
    this.#isPlanned = false;
    const list = this.#list;
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < END_MARGIN_PX;
    list.append(...this.#waiting.splice(0).slice(-ROWS_KEPT));
    while (list.childElementCount > ROWS_KEPT) list.firstElementChild?.remove();
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }
}
