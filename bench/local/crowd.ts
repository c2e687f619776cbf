/** Many clients in this process, opened some at a time. */

import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { BenchServer } from './start-server.ts';

/** As many handshakes at once as a listening socket queues without complaint. */
const AT_ONCE = 50;

export async function openCrowd(server: BenchServer, size: number): Promise<readonly WebSocket[]> {
  const crowd: WebSocket[] = [];
  while (crowd.length < size) {
    const group = Array.from({ length: Math.min(AT_ONCE, size - crowd.length) }, () => open(server));
    crowd.push(...(await Promise.all(group)));
  }
  return crowd;
}

async function open({ websocket, protocols }: BenchServer): Promise<WebSocket> {
  const socket = new WebSocket(websocket, protocols, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

/** Sends a frame and answers the next one. */
export async function ask(socket: WebSocket, frame: string): Promise<string> {
  const reply = once(socket, 'message');
  socket.send(frame);
  const [data] = await reply;
  return String(data);
}

/** Settles when every one of the crowd has got a message. */
export function eachGetsOne(crowd: readonly WebSocket[]): Promise<void> {
  let left = crowd.length;
  return new Promise((resolve) => {
    for (const socket of crowd)
      socket.once('message', () => {
        left -= 1;
        if (left === 0) resolve();
      });
  });
}

export function leave(crowd: readonly WebSocket[]): void {
  for (const socket of crowd) socket.terminate();
}
