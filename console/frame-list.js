/** Shows every frame of the connection as it is on the wire. */

import { create } from './elements.js';
import { now } from './moment.js';
import { RowList } from './row-list.js';

/** @type {Record<import('./network.js').FrameKind | 'failed', { sign: string, name: string }>} */
const signs = {
  sent: { sign: '↑', name: 'Sent' },
  received: { sign: '↓', name: 'Received' },
  failed: { sign: '↓', name: 'Received an error' },
  note: { sign: '·', name: 'Note' },
};

export class FrameList {
  #rows;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#rows = new RowList(list);
  }

  /**
   * @param {import('./network.js').FrameKind} kind
   * @param {string} text
   */
  add(kind, text) {
    const shown = kind === 'received' && isError(text) ? 'failed' : kind;
    const sign = create('span', signs[shown].sign);
    sign.role = 'img';
    sign.ariaLabel = signs[shown].name;
    const row = create('li', '', shown);
    row.append(create('time', now()), sign, create('code', text));
    this.#rows.add(row);
  }

  clear() {
    this.#rows.clear();
  }
}

/** @param {string} text */
function isError(text) {
  try {
    return [JSON.parse(text)].flat().some((frame) => frame?.event === 'error');
  } catch {
    return false;
  }
}
