/** Real servers on loopback: those that the npm registry has, Fanfare's local runtime, and stand-ins for the others. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { connect } from 'fanfare-client';
import { startRuntime } from 'fanfare-local';
import * as v from 'valibot';
import { WebSocket, WebSocketServer } from 'ws';
import { withFanfare } from '../../bin/fanfare-runtime.ts';
import { socketIoServerPath } from './installed.ts';
import { type Address, CHANNEL, type Peer } from './peer.ts';
import type { ServerKind } from './real-messages.ts';

export interface ChannelServer {
  readonly address: Address;
  publish(number: number): void;
}

export const servers: Readonly<Record<ServerKind, (peer: Peer) => Promise<ChannelServer>>> = {
  'local runtime': startFanfare,
  'socket.io': () => startSocketIo({}),
  'socket.io with recovery': () => startSocketIo({ connectionStateRecovery: {} }),
  'stand-in': startStandIn,
};

async function startFanfare(): Promise<ChannelServer> {
  const runtime = await startRuntime(withFanfare());
  const { hostname, port, pathname } = new URL(runtime.urls.websocket);
  const channel = connect(runtime.urls.websocket, { webSocket: WebSocket }).channel(CHANNEL);
  return {
    address: { host: hostname, port: Number(port), path: pathname },
    publish: (number) => void channel.publish(number),
  };
}

const socketIoModule = v.object({
  Server: v.custom<new (server: Server, options: object) => { emit(event: string, data: unknown): void }>(
    (it) => typeof it === 'function',
  ),
});

async function startSocketIo(options: object): Promise<ChannelServer> {
  // The CommonJS module is a function with properties.
  const { Server } = v.parse(socketIoModule, { ...createRequire(import.meta.url)(socketIoServerPath()) });
  const server = createServer();
  const io = new Server(server, options);
  return { address: await listen(server), publish: (number) => io.emit('message', number) };
}

/** Speaks the client's protocol, and stores nothing. */
async function startStandIn({ conversation }: Peer): Promise<ChannelServer> {
  const { greeting, answer, heartbeat, publication } = conversation;
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  const broadcast = (frame: string) => {
    for (const socket of sockets.clients) socket.send(frame);
  };
  sockets.on('connection', (socket) => {
    for (const frame of greeting) socket.send(frame);
    socket.on('message', (data) => {
      for (const frame of answer(String(data))) socket.send(frame);
    });
  });
  if (heartbeat) setInterval(() => broadcast(heartbeat.frame), heartbeat.everyMs);
  return { address: await listen(server), publish: (number) => broadcast(publication(number)) };
}

async function listen(server: Server): Promise<Address> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no port');
  return { host: '127.0.0.1', port: address.port, path: '' };
}
