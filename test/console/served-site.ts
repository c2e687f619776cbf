/** The console's files on a server of their own, which refuses every handshake. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { consoleSite, localConsoleSite } from '../../console/console-site.ts';

const sites = { deployed: consoleSite, local: localConsoleSite };

export interface ServedSite {
  readonly url: string;
  /** How often a page has tried to connect. */
  readonly handshakes: () => number;
  /** From now on it does not answer. */
  close(): Promise<void>;
}

/** As a web server has them, or as the local runtime; until the end of the test. */
export async function serveSite(kind: keyof typeof sites): Promise<ServedSite> {
  let handshakes = 0;
  const server = createServer((request, response) => {
    // A server that does not listen for upgrades answers them as any other request.
    if (request.headers.upgrade) handshakes += 1;
    void answer(sites[kind], request, response);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no port.');
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);
  return { url: `http://localhost:${address.port}/`, handshakes: () => handshakes, close };
}

async function answer(
  site: typeof consoleSite,
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = site.get(url.slice(1) || 'index.html');
  response.writeHead(file ? 200 : 404, { 'Content-Type': file?.type ?? 'text/plain' });
  response.end(await file?.content());
}
