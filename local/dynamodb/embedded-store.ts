/** An embedded DynamoDB API on a free loopback port: no Java, no Docker, no account, and gone with the process. */

import { once } from 'node:events';
import dynalite from 'dynalite';

export interface EmbeddedStore {
  readonly url: string;
  close(): Promise<void>;
}

/** Longer than the SDK keeps an idle socket, so that it never reuses one that is being closed. Milliseconds. */
const KEEP_ALIVE_MS = 65_000;

export async function startEmbeddedStore(): Promise<EmbeddedStore> {
  const server = dynalite({ createTableMs: 0 });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The embedded store has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
