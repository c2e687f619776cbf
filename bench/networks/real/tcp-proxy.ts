/** A proxy of TCP connections that shapes a link over real sockets, in front of a server on this machine. */

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Direction, type Line, Link, type LinkShape } from '../link.ts';
import type { Time } from '../virtual-time.ts';

/** The time of this machine. Milliseconds. */
const realTime: Time = {
  get now() {
    return performance.now();
  },
  at(time, run) {
    const timer = setTimeout(run, Math.max(0, time - performance.now()));
    return () => clearTimeout(timer);
  },
};

/** One direction may still be on its way when the other has ended. */
const HALF_OPEN = { allowHalfOpen: true };

/** What stands for the end of a connection. Bytes. */
const FIN_BYTES = 1;

export class TcpProxy {
  readonly link: Link;
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** @param target any URL of the server behind it. */
  static async start(target: string, shape: LinkShape, random: () => number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, shape, random);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  private constructor(target: string, shape: LinkShape, random: () => number) {
    this.#target = new URL(target);
    this.link = new Link(realTime, shape, random);
    this.#server = createServer(HALF_OPEN, (client) => this.#accept(client));
  }

  /** The same URL by way of the proxy. */
  through(url: string): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) throw new Error('The proxy has no port');
    return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(address.port) }).href;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(client: Socket): void {
    this.link.attempts.push(performance.now());
    const server = connect({ ...HALF_OPEN, port: Number(this.#target.port), host: this.#target.hostname });
    const line = this.link.open(() => {
      client.resetAndDestroy();
      server.resetAndDestroy();
    });
    this.#pass(line, 'up', client, server);
    this.#pass(line, 'down', server, client);
  }

  #pass(line: Line, direction: Direction, from: Socket, to: Socket): void {
    // Timers of one millisecond may fire in another order than they were set, so each takes the chunk whose turn it is.
    const chunks: Buffer[] = [];
    this.#sockets.add(from);
    from.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      line.send(direction, chunk.length, () => to.write(chunks.shift() ?? ''));
    });
    from.on('error', () => {});
    from.on('end', () => line.send(direction, FIN_BYTES, () => to.end()));
    from.on('close', (hadError) => {
      this.#sockets.delete(from);
      if (hadError) line.send(direction, FIN_BYTES, () => to.destroy());
      if (to.destroyed) line.end();
    });
  }
}
