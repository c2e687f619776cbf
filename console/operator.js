/** Lists for operators, by the HTTP API for servers: connections and channels. */

/** The most pages that the console reads. Large stages need another tool. */
const PAGES_READ = 10;

/**
 * @template Row
 * @param {string} url The API, such as `http://localhost:8080/local`.
 * @param {string} token A token for servers.
 * @param {'connections' | 'channels'} list
 * @returns {Promise<{ rows: Row[], hasMore: boolean }>}
 * @throws {Error} The refusal of the API.
 */
export async function readList(url, token, list) {
  if (!token) throw new Error('Paste a token for servers under “For operators” first.');
  /** @type {Row[]} */
  const rows = [];
  let cursor = '';
  for (let page = 0; page < PAGES_READ; page++) {
    const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : '';
    const response = await fetch(`${url}/${list}${query}`, { headers: { Authorization: `Bearer ${token}` } });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message ?? `The API answered ${response.status}.`);
    rows.push(...answer[list]);
    cursor = answer.next ?? '';
    if (!cursor) break;
  }
  return { rows, hasMore: cursor !== '' };
}
