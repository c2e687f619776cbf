/** Somebody who goes about their business while another client floods: publishes now and then, and waits for the reply. */

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** Milliseconds between a reply and the next command, on average. */
const PAUSE_MS = 200;

/** Milliseconds that each command took, for so many seconds. */
export async function neighbourLatencies(url: string, name: string, seconds: number): Promise<number[]> {
  const socket = new WebSocket(url, ['fanfare.v1']);
  await once(socket, 'open');
  const frame = JSON.stringify({ action: 'publish', channel: `open:${name}`, data: 'hello' });
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    await sleep(PAUSE_MS * 2 * Math.random());
    const sentAt = performance.now();
    socket.send(frame);
    await once(socket, 'message');
    latencies.push(performance.now() - sentAt);
  }
  socket.close();
  return latencies;
}
