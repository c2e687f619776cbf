/** A port in front of a server, for programs that are no pages: a test can cut the connections that go through it. */

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import * as v from 'valibot';

const address = v.object({ port: v.number() });

export interface CuttablePort {
  readonly port: number;
  /** How many connections have gone through it. */
  readonly opened: () => number;
  /** Ends all connections. New ones wait until the port is mended. */
  cut(): void;
  mend(): void;
  /** From now on, new connections go to a server at this port. */
  leadTo(port: number): void;
  close(): void;
}

export async function cuttablePort(first: number): Promise<CuttablePort> {
  let target = first;
  const sockets = new Set<Socket>();
  const waiting = new Set<Socket>();
  let isCut = false;
  let opened = 0;

  function lead(socket: Socket): void {
    opened += 1;
    const server = connect(target, 'localhost');
    for (const [end, other] of [[socket, server] as const, [server, socket] as const]) {
      sockets.add(end);
      end.pipe(other);
      // An end that breaks takes the other one with it.
      end.on('error', () => {}).on('close', () => other.destroy());
    }
  }

  const listener = createServer((socket) => {
    if (isCut) waiting.add(socket);
    else lead(socket);
  });
  await once(listener.listen(0, 'localhost'), 'listening');

  function cut(): void {
    isCut = true;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  }

  return {
    port: v.parse(address, listener.address()).port,
    opened: () => opened,
    cut,
    mend() {
      isCut = false;
      for (const socket of waiting) lead(socket);
      waiting.clear();
    },
    leadTo(port) {
      target = port;
    },
    close() {
      cut();
      for (const socket of waiting) socket.destroy();
      listener.close();
    },
  };
}
