/** A TCP link to a server that can be cut: all connections end, and new ones are refused until it is restored. */

import { once } from 'node:events';
import { createServer, connect as openSocket, type Socket } from 'node:net';
import type { Address } from './peer.ts';

export class CuttableLink {
  readonly #sockets = new Set<Socket>();
  readonly #target: Address;
  readonly #server = createServer((near) => this.#forward(near));
  #port = 0;

  private constructor(target: Address) {
    this.#target = target;
  }

  static async to(target: Address): Promise<CuttableLink> {
    const link = new CuttableLink(target);
    await link.restore();
    return link;
  }

  /** Where the clients connect. */
  get address(): Address {
    return { ...this.#target, host: '127.0.0.1', port: this.#port };
  }

  async cut(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  async restore(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
  }

  #forward(near: Socket): void {
    const far = openSocket({ host: this.#target.host, port: this.#target.port, noDelay: true });
    near.setNoDelay(true);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
