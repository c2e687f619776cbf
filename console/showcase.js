/** An example in two panes side by side, over the tour, with its code and the bill of what one does there. */

import { BillLine } from './bill-line.js';
import { CodePanel } from './code-panel.js';
import { find, part } from './elements.js';
import { ExamplePane } from './example-pane.js';

/** @typedef {{ name: string, title: string, line: string, panes: import('./example-pane.js').Shown[] }} Example */

export class Showcase {
  #dialog = find('showcase', HTMLDialogElement);
  #code = new CodePanel(find('code', HTMLElement), find('show-code', HTMLButtonElement));
  #bill = new BillLine(find('showcase-bill', HTMLElement), () => this.#doings);
  /** @type {ExamplePane[]} */
  #panes = [];

  /** @param {() => void} onClose */
  constructor(onClose) {
    find('close-showcase', HTMLButtonElement).addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#code.isOpen) return;
      // The first one closes the code only.
      event.preventDefault();
      this.#escape();
    });
    this.#dialog.addEventListener('close', () => {
      this.#clear();
      onClose();
    });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** @param {Example} example */
  open({ name, title, line, panes }) {
    this.#clear();
    find('showcase-title', HTMLElement).textContent = title;
    find('showcase-line', HTMLElement).textContent = line;
    find('alone', HTMLAnchorElement).href = `/examples/${name}/${panes[0]?.query ?? ''}`;
    this.#panes = panes.map((pane) => this.#paneOf(name, pane));
    void this.#code.load(name);
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  close() {
    this.#dialog.close();
  }

  #clear() {
    this.#bill.end();
    for (const pane of this.#panes) pane.close();
    this.#panes = [];
  }

  #escape() {
    if (!this.#code.isOpen) return this.#dialog.close();
    this.#code.toggle(false);
    find('show-code', HTMLButtonElement).focus();
  }

  /**
   * @param {string} name
   * @param {import('./example-pane.js').Shown} shown
   */
  #paneOf(name, shown) {
    const copy = document.importNode(find('example-pane', HTMLTemplateElement).content, true);
    const element = part(copy, '.pane', HTMLElement);
    element.classList.add(this.#panesBox.childElementCount % 2 === 0 ? 'ann' : 'ben');
    this.#panesBox.append(copy);
    let isCounted = false;
    return new ExamplePane(element, name, shown, {
      escape: () => this.#escape(),
      changed: () => {
        this.#showMissed();
        if (isCounted || !this.#panes.every(({ isConnected }) => isConnected)) return;
        isCounted = true;
        this.#bill.begin();
      },
    });
  }

  #showMissed() {
    for (const pane of this.#panes) {
      const others = this.#panes.filter((other) => other !== pane);
      pane.showMissed(Math.max(0, ...others.map(({ record }) => record.sharedWith(pane.record))));
    }
  }

  /** @returns {import('./plain-bill.js').Doings} */
  get #doings() {
    const records = this.#panes.map(({ record }) => record);
    /** @param {'sent' | 'updates' | 'received'} what */
    const sum = (what) => records.reduce((total, record) => total + record[what], 0);
    return { people: records.length, sent: sum('sent'), updates: sum('updates'), received: sum('received') };
  }

  get #panesBox() {
    return find('example-panes', HTMLElement);
  }
}
