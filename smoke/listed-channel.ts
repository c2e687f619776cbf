/** Whether the HTTP API lists a channel: its list has pages, and a scan may be a moment behind. */

import type { Visit } from './visit.ts';

/** A bound for stages with many channels. */
const MOST_PAGES = 200;

/** The channel's count of connections, or `undefined` if it is not listed. */
export async function listedConnections(visit: Visit, wanted: string): Promise<number | undefined> {
  const server = await visit.server();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { channels, next } = await server.call('channels', { ...(cursor !== undefined && { cursor }) });
    const found = channels.find(({ channel }) => channel === wanted);
    if (found) return found.connections;
    if (next === undefined) return undefined;
    cursor = next;
  }
  throw new Error(`GET /channels has more than ${MOST_PAGES} pages`);
}
