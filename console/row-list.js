/**
 * A list that stays fast. It adds rows once per animation frame and drops the oldest, and the browser skips rows that are out of sight
 * (`content-visibility` in the style sheet). It shows its end until the user scrolls up.
 */

/** Enough to look back over a busy minute. */
const ROWS_KEPT = 10_000;

/** This close to the end counts as at the end: zoomed pages scroll by fractions of a pixel. Pixels. */
const END_MARGIN_PX = 8;

export class RowList {
  #list;
  #box;
  /** @type {HTMLElement[]} */
  #waiting = [];
  #isPlanned = false;
  #isFollowing = true;
  #top = 0;

  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} [box] The element that scrolls, if it is not the list itself.
   */
  constructor(list, box = list) {
    this.#list = list;
    this.#box = box;
    box.addEventListener('scroll', () => this.#scrolled());
    // When the box becomes lower, its end moves out of sight although the user has not scrolled.
    new ResizeObserver(() => this.showEnd()).observe(box);
  }

  /** @param {HTMLElement} row */
  add(row) {
    this.#waiting.push(row);
    // A page in the background gets no animation frames, so the rows would pile up.
    if (this.#waiting.length > 2 * ROWS_KEPT) this.#waiting.splice(0, ROWS_KEPT);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    requestAnimationFrame(() => this.#show());
  }

  clear() {
    this.#waiting = [];
    this.#list.replaceChildren();
  }

  showEnd() {
    if (this.#isFollowing) this.#box.scrollTop = this.#box.scrollHeight;
  }

  #show() {
    this.#isPlanned = false;
    this.#list.append(...this.#waiting.splice(0).slice(-ROWS_KEPT));
    while (this.#list.childElementCount > ROWS_KEPT) this.#list.firstElementChild?.remove();
    this.showEnd();
    // Until the browser paints a row that wraps, it takes the row for a lower one.
    requestAnimationFrame(() => this.showEnd());
  }

  /** Only a step upwards is the user's: rows and boxes also change their height by themselves. */
  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < END_MARGIN_PX;
    if (isAtEnd) this.#isFollowing = true;
    else if (scrollTop < this.#top) this.#isFollowing = false;
    this.#top = scrollTop;
  }
}
