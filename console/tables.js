/** The panels that list members, connections, channels and the bill. The page reads each when it is shown, and on demand. */

import { readBill } from './bill.js';
import { find, on, row } from './elements.js';
import { readList } from './operator.js';

/**
 * @typedef {object} Source
 * @property {() => string} api URL of the HTTP API.
 * @property {() => string} serverToken
 * @property {() => string} channel The channel of the form.
 * @property {(channel: string) => Promise<readonly import('./client.js').Member[]>} members
 */

/** @param {string} id */
function body(id) {
  const table = find(id, HTMLTableElement);
  return table.tBodies[0] ?? table.createTBody();
}

/**
 * @param {string} id
 * @param {readonly (readonly string[])[]} rows
 * @param {string} sentence The content of the table in words, also if the table is empty.
 */
function fill(id, rows, sentence) {
  body(id).replaceChildren(...rows.map((cells) => row(cells)));
  find(`${id}-note`, HTMLElement).textContent = sentence;
}

/**
 * @param {number} count
 * @param {string} one
 * @param {boolean} [hasMore]
 */
function counted(count, one, hasMore = false) {
  return `${count}${hasMore ? ' and more' : ''} ${count === 1 ? one : `${one}s`}`;
}

/** @type {Record<string, (source: Source) => Promise<void>>} */
const readers = {
  async members({ channel, members }) {
    const found = await members(channel());
    const rows = found.map(({ user, info }) => [user ?? '', info === undefined ? '' : JSON.stringify(info)]);
    fill('members', rows, `${counted(rows.length, 'user')} in ${channel()}`);
  },

  async connections({ api, serverToken }) {
    const { rows, hasMore } = await readList(api(), serverToken(), 'connections');
    const cells = rows.map((/** @type {any} */ { connectionId, user, channels }) => [
      connectionId,
      user ?? 'anonymous',
      channels.join(', '),
    ]);
    fill('connections', cells, counted(cells.length, 'connection', hasMore));
  },

  async channels({ api, serverToken }) {
    const { rows, hasMore } = await readList(api(), serverToken(), 'channels');
    const cells = rows.map((/** @type {any} */ { channel, connections, seq }) => [
      channel,
      String(connections),
      seq === undefined ? 'no history' : String(seq),
    ]);
    fill('channels', cells, counted(cells.length, 'channel', hasMore));
  },

  async bill() {
    const { rows, total } = await readBill();
    fill('bill', rows, total);
  },
};

/** @param {Source} source */
export function makeTables(source) {
  /** @param {string} panel */
  async function read(panel) {
    const table = panel.replace('-panel', '');
    const reader = readers[table];
    if (!reader) return;
    try {
      await reader(source);
    } catch (error) {
      fill(table, [], error instanceof Error ? error.message : String(error));
    }
  }
  for (const table of Object.keys(readers)) on(`read-${table}`, 'click', () => read(table));
  return { read };
}
