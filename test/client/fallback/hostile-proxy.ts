/** A proxy like those of offices and hotels. It lets all requests through until a test blocks some of them. */

import { type IncomingMessage, request as requestTo, type ServerResponse } from 'node:http';
import { connect as connectTo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Loopback, listenOnLoopback } from '../../loopback.ts';

/** The kinds of traffic that a proxy can distinguish: upgrades, responses that do not end, and all other requests. */
export type Traffic = 'websocket' | 'sse' | 'other';

export class HostileProxy {
  private readonly target: URL;
  private readonly front: Loopback;
  private readonly blocked = new Set<Traffic>();
  private readonly open = new Map<Duplex, Traffic>();

  /** @param target any URL of the server behind it. */
  static async start(target: string): Promise<HostileProxy> {
    return new HostileProxy(target, await listenOnLoopback());
  }

  private constructor(target: string, front: Loopback) {
    this.target = new URL(target);
    this.front = front;
    front.server.on('request', (request, response) => this.forward(request, response));
    front.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  /** The same URL by way of the proxy. */
  through(url: string): string {
    const through = new URL(url);
    through.hostname = '127.0.0.1';
    through.port = String(this.front.port);
    return through.href;
  }

  /** From now on blocks only this kind, and cuts its open sockets. */
  block(...traffic: readonly Traffic[]): void {
    this.blocked.clear();
    for (const one of traffic) this.blocked.add(one);
    for (const [socket, kind] of this.open) if (this.blocked.has(kind)) socket.destroy();
  }

  /** Cuts everything that is open. */
  cut(): void {
    for (const socket of this.open.keys()) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await this.front.close();
  }

  private forward(request: IncomingMessage, response: ServerResponse): void {
    const { method, url: path, headers, socket } = request;
    this.watch(socket, 'other');
    const onward = requestTo({ host: this.target.hostname, port: this.target.port, method, path, headers });
    onward.on('response', (answer) => {
      const isStream = answer.headers['content-type']?.startsWith('text/event-stream') ?? false;
      if (isStream) this.watch(socket, 'sse');
      if (socket.destroyed) {
        onward.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      response.once('finish', () => this.watch(socket, 'other'));
    });
    onward.on('error', () => socket.destroy());
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.watch(socket, 'websocket');
    if (socket.destroyed) return;
    const onward = connectTo(Number(this.target.port), this.target.hostname);
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (const [index, text] of request.rawHeaders.entries()) {
      if (index % 2 === 0) lines.push(`${text}: ${request.rawHeaders[index + 1]}`);
    }
    onward.write(`${lines.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket).pipe(onward);
    onward.on('error', () => socket.destroy());
    onward.once('close', () => socket.destroy());
    socket.once('close', () => onward.destroy());
  }

  /** Destroys a socket of a blocked kind. */
  private watch(socket: Duplex, traffic: Traffic): void {
    if (!this.open.has(socket)) {
      socket.on('error', () => {});
      socket.once('close', () => this.open.delete(socket));
    }
    this.open.set(socket, traffic);
    if (this.blocked.has(traffic)) socket.destroy();
  }
}
