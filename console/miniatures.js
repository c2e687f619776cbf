/**
 * Small live pages of the examples: of the cards in view, loaded one at a time, and ended when they leave the view. Each page connects,
 * and its first commands may start environments of functions, which takes a second of a processor.
 */

/** The part of a card that has to be in view. */
const IN_VIEW = 0.6;

/** Visitors who ask for less motion or less data see the cards without live pages. */
const isUnwanted = matchMedia('(prefers-reduced-motion: reduce), (prefers-reduced-data: reduce)').matches;

export class Miniatures {
  /** @type {Set<Element>} */
  #inView = new Set();
  /** @type {HTMLIFrameElement | undefined} */
  #loading;
  #isPaused = true;
  #observer = new IntersectionObserver((entries) => this.#moved(entries), { threshold: IN_VIEW });

  /** @param {HTMLElement} box Its `data-src` is the address of the page. */
  watch(box) {
    if (!isUnwanted) this.#observer.observe(box);
  }

  /** Ends all pages, for instance while an example is open. */
  pause() {
    if (this.#isPaused) return;
    this.#isPaused = true;
    for (const box of this.#inView) this.#end(box);
  }

  resume() {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#loadNext();
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#inView.add(target);
      else if (this.#inView.delete(target)) this.#end(target);
    }
    this.#loadNext();
  }

  #loadNext() {
    if (this.#isPaused || this.#loading) return;
    const box = [...this.#inView].find((each) => !each.querySelector('iframe'));
    if (!(box instanceof HTMLElement)) return;
    const frame = document.createElement('iframe');
    frame.title = box.dataset['title'] ?? '';
    // For the eyes only: neither the keyboard nor the pointer gets into it.
    frame.inert = true;
    frame.src = box.dataset['src'] ?? '';
    frame.addEventListener('load', () => {
      box.dataset['state'] = 'live';
      this.#loaded(frame);
    });
    this.#loading = frame;
    box.append(frame);
  }

  /** @param {Element} box */
  #end(box) {
    const frame = box.querySelector('iframe');
    if (!(frame && box instanceof HTMLElement)) return;
    frame.remove();
    delete box.dataset['state'];
    this.#loaded(frame);
  }

  /** @param {HTMLIFrameElement} frame A frame that was removed does not fire `load`. */
  #loaded(frame) {
    if (frame !== this.#loading) return;
    this.#loading = undefined;
    this.#loadNext();
  }
}
