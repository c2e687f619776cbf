/** The source of an example: a button for each file, the file with its line numbers, and a button that copies it. */

import { create, part } from './elements.js';

/** @typedef {{ name: string, text: string }} Source As `sources.json` of an example has it. */

export class CodePanel {
  #panel;
  #opener;
  /** @type {Source | undefined} */
  #shown;

  /**
   * @param {HTMLElement} panel
   * @param {HTMLButtonElement} opener
   */
  constructor(panel, opener) {
    this.#panel = panel;
    this.#opener = opener;
    opener.addEventListener('click', () => this.toggle(!this.isOpen));
    this.#copyButton.addEventListener('click', () => void this.#copy());
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  /** @param {boolean} isOpen */
  toggle(isOpen) {
    this.#panel.hidden = !isOpen;
    this.#opener.ariaExpanded = String(isOpen);
  }

  /** @param {string} example */
  async load(example) {
    this.toggle(false);
    const response = await fetch(`/examples/${example}/sources.json`).catch(() => undefined);
    /** @type {Source[]} */
    const sources = response?.ok ? await response.json() : [];
    const buttons = sources.map((source) => this.#buttonOf(source));
    this.#files.replaceChildren(...buttons);
    buttons[0]?.click();
  }

  /** @param {Source} source */
  #buttonOf(source) {
    const button = create('button', source.name);
    button.setAttribute('type', 'button');
    button.addEventListener('click', () => {
      for (const other of this.#files.children) other.ariaPressed = String(other === button);
      this.#show(source);
    });
    return button;
  }

  /** @param {Source} source */
  #show(source) {
    this.#shown = source;
    this.#copyButton.textContent = 'Copy';
    const listing = part(this.#panel, '.listing', HTMLElement);
    listing.ariaLabel = source.name;
    // The numbers come from the style, so that a selection has none of them.
    const lines = source.text.trimEnd().split('\n');
    part(listing, 'pre', HTMLElement).replaceChildren(...lines.map((line) => create('span', `${line}\n`)));
    listing.scrollTo(0, 0);
  }

  async #copy() {
    if (!this.#shown) return;
    const isCopied = await navigator.clipboard.writeText(this.#shown.text).then(
      () => true,
      () => false,
    );
    this.#copyButton.textContent = isCopied ? 'Copied' : 'The browser does not let this page copy';
  }

  get #files() {
    return part(this.#panel, '.files', HTMLElement);
  }

  get #copyButton() {
    return part(this.#panel, '.copy', HTMLButtonElement);
  }
}
