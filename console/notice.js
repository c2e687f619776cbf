/** Shows one sentence after an action, and at most one button that does what the sentence proposes. */

export class Notice {
  #sentence;
  #button;
  #act = () => {};

  /**
   * @param {HTMLElement} sentence
   * @param {HTMLButtonElement} [button]
   */
  constructor(sentence, button) {
    this.#sentence = sentence;
    this.#button = button;
    button?.addEventListener('click', () => this.#act());
  }

  /**
   * Something happened that one may not have expected.
   *
   * @param {string} sentence
   * @param {{ label: string, act: () => void }} [proposal]
   */
  inform(sentence, proposal) {
    this.#show('information', sentence, proposal);
  }

  /**
   * Something failed.
   *
   * @param {string} sentence
   */
  warn(sentence) {
    this.#show('warning', sentence);
  }

  clear() {
    this.#show('information', '');
  }

  /**
   * Removes a sentence, unless a newer one has replaced it.
   *
   * @param {string} sentence
   */
  retract(sentence) {
    if (this.#sentence.textContent === sentence) this.clear();
  }

  /**
   * @param {'information' | 'warning'} kind
   * @param {string} sentence
   * @param {{ label: string, act: () => void }} [proposal]
   */
  #show(kind, sentence, proposal) {
    this.#sentence.dataset['kind'] = kind;
    this.#sentence.textContent = sentence;
    this.#act = proposal?.act ?? (() => {});
    if (!this.#button) return;
    this.#button.hidden = !proposal;
    this.#button.textContent = proposal?.label ?? '';
  }
}
