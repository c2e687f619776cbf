/** The floor: `ws` with the gateway's own settings, which echoes a frame, or sends it to all if it asks for that. */

import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { BROADCAST } from './frames.ts';
import type { Served } from './server-messages.ts';

export async function startRawServer(): Promise<Served> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const text = data.toString();
      if (!text.includes(BROADCAST)) socket.send(text);
      else for (const client of server.clients) client.send(text);
    });
  });
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The raw server has no port');
  return { websocket: `ws://127.0.0.1:${address.port}`, http: '', protocols: [] };
}
