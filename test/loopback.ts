/** A server of a test, on a free port of this machine. */

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

export interface Loopback {
  readonly server: Server;
  readonly port: number;
  /** Without a slash at the end. */
  readonly url: string;
  /** Ends its connections as well. */
  close(): Promise<void>;
}

export async function listenOnLoopback(listener?: RequestListener): Promise<Loopback> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no port');
  const { port } = address;
  return {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
