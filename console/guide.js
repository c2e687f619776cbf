/** The steps of the tour: which ones are done, and which one is next. */

/** @typedef {'write' | 'miss' | 'catch-up'} Step */

export class Guide {
  #list;

  /** @param {HTMLElement} list Its items name their steps by `data-step`, in order. */
  constructor(list) {
    this.#list = list;
    this.#showNext();
  }

  /** @param {Step} step */
  done(step) {
    const item = this.#list.querySelector(`[data-step="${step}"]`);
    if (!item || item.classList.contains('done')) return;
    item.classList.add('done');
    this.#showNext();
  }

  #showNext() {
    const next = this.#list.querySelector('li:not(.done)');
    for (const item of this.#list.children) {
      if (item === next) item.setAttribute('aria-current', 'step');
      else item.removeAttribute('aria-current');
    }
  }
}
