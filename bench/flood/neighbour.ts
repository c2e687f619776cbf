/** A client that publishes now and then and waits for each reply, while another client floods. */

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** Milliseconds between a reply and the next command, on average. */
const PAUSE_MS = 200;

/** Publishes for this many seconds, and returns the milliseconds that each command took. */
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
