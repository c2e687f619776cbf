/**
 * A list that stays fast: rows are added once per picture, the oldest go, and the browser skips what is out of sight
 * (`content-visibility` in the style sheet). It shows its end until one scrolls up.
 */

/** Enough to look back over a busy minute. */
const ROWS_KEPT = 10_000;

/** Closer to the end than this counts as being there: zoomed pages scroll by fractions of a pixel. */
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
   * @param {HTMLElement} [box] What scrolls, if not the list itself.
   */
  constructor(list, box = list) {
    this.#list = list;
    this.#box = box;
    box.addEventListener('scroll', () => this.#scrolled());
    // A box that gets lower leaves its end below, without having been scrolled.
    new ResizeObserver(() => this.showEnd()).observe(box);
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

  showEnd() {
    if (this.#isFollowing) this.#box.scrollTop = this.#box.scrollHeight;
  }

  #show() {
    this.#isPlanned = false;
    this.#list.append(...this.#waiting.splice(0).slice(-ROWS_KEPT));
    while (this.#list.childElementCount > ROWS_KEPT) this.#list.firstElementChild?.remove();
    this.showEnd();
    // A row that wraps is higher than the browser takes it for until it is painted.
    requestAnimationFrame(() => this.showEnd());
  }

  /** Only a step upwards was scrolled on purpose: rows and boxes also change their height by themselves. */
  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < END_MARGIN_PX;
    if (isAtEnd) this.#isFollowing = true;
    else if (scrollTop < this.#top) this.#isFollowing = false;
    this.#top = scrollTop;
  }
}
