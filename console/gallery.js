/** The examples as cards, each with a live miniature of its page. A card is a link: `#example=chat` opens the chat. */

import { find, part } from './elements.js';
import { Miniatures } from './miniatures.js';
import { exampleAddress, exampleOfAddress } from './page-address.js';
import { Showcase } from './showcase.js';

/** Of the page of an example. */
const NAME_OF_TOUR = document.title;

export class Gallery {
  #miniatures = new Miniatures();
  #showcase = new Showcase(() => this.#closed());
  /** @type {import('./showcase.js').Example[]} */
  #examples = [];

  async start() {
    const response = await fetch('/examples/examples.json').catch(() => undefined);
    if (!response?.ok) return;
    this.#examples = await response.json();
    const cards = this.#examples.map((example) => this.#cardOf(example));
    find('cards', HTMLElement).prepend(...cards);
    find('use-cases', HTMLElement).hidden = false;
    find('to-use-cases', HTMLElement).hidden = false;
    for (const card of cards) this.#miniatures.watch(part(card, '.miniature', HTMLElement));
    addEventListener('hashchange', () => this.#follow());
    this.#follow();
  }

  /** Cards in view become live. */
  live() {
    if (!this.#showcase.isOpen) this.#miniatures.resume();
  }

  rest() {
    this.#miniatures.pause();
  }

  /** @param {import('./showcase.js').Example} example */
  #cardOf({ name, title, line, panes }) {
    const copy = document.importNode(find('card', HTMLTemplateElement).content, true);
    const card = part(copy, 'li', HTMLElement);
    const link = part(card, 'a', HTMLAnchorElement);
    link.textContent = title;
    link.href = exampleAddress(name);
    part(card, 'p', HTMLElement).textContent = line;
    const miniature = part(card, '.miniature', HTMLElement);
    miniature.dataset['title'] = `${title}, live and small`;
    miniature.dataset['src'] = `/examples/${name}/${panes[0]?.query ?? '?'}&tour`;
    return card;
  }

  /** The address says which example is open, so the browser’s Back closes it, and a link opens it. */
  #follow() {
    const name = exampleOfAddress();
    const example = this.#examples.find((each) => each.name === name);
    if (!example) return this.#showcase.close();
    this.rest();
    this.#showcase.open(example);
    document.title = `${example.title} · ${NAME_OF_TOUR}`;
  }

  #closed() {
    document.title = NAME_OF_TOUR;
    this.live();
    if (exampleOfAddress() === undefined) return;
    history.replaceState(undefined, '', exampleAddress(''));
  }
}
