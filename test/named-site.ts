/** A website under any name. The browser of the test looks for all names on this machine. */

import { listenOnLoopback } from './loopback.ts';

/** Lets every name except `localhost` lead to this server, so that pages may come from any site. */
export const EVERY_NAME_IS_HERE = '--host-resolver-rules=MAP * 127.0.0.1, EXCLUDE localhost';

export interface NamedSite {
  /** The address of a page when the site has this name. */
  readonly at: (host: string, path?: string) => string;
  close(): Promise<void>;
}

/** @param files HTML by path, and JavaScript by those that end in `.js` */
export async function serveSite(files: Readonly<Record<string, string>>): Promise<NamedSite> {
  const { port, close } = await listenOnLoopback(({ url = '/' }, response) => {
    const type = url.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(url in files ? 200 : 404, { 'content-type': type }).end(files[url]);
  });
  return { at: (host, path = '/') => `http://${host}:${port}${path}`, close };
}
