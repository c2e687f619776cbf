/** A website under any name: a browser that is told so finds all names on this machine. */

import { once } from 'node:events';
import { createServer } from 'node:http';

/** Has every name but `localhost` lead here, so that pages come from wherever a test says. */
export const EVERY_NAME_IS_HERE = '--host-resolver-rules=MAP * 127.0.0.1, EXCLUDE localhost';

export interface NamedSite {
  /** The address of a page when the site has this name. */
  readonly at: (host: string, path?: string) => string;
  close(): Promise<void>;
}

/** @param pages HTML by path */
export async function serveSite(pages: Readonly<Record<string, string>>): Promise<NamedSite> {
  const server = createServer(({ url = '/' }, response) => {
    response.writeHead(url in pages ? 200 : 404, { 'content-type': 'text/html' }).end(pages[url]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The site has no port');
  return {
    at: (host, path = '/') => `http://${host}:${address.port}${path}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
