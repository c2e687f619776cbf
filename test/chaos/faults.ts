/** Causes faults and counts them: sockets cut, replies lost, Lambda environments killed, connections rotated. */

import type { Connection, WebSocketConstructor, WebSocketLike } from 'fanfare-client';
import type { Runtime } from 'fanfare-local';
import { WebSocket } from 'ws';

export interface FaultCounts {
  cuts: number;
  lostReplies: number;
  kills: number;
  rotations: number;
}

/** One reply to a publish in this many never arrives, though the message is in the log. */
const LOST_REPLY_EVERY = 6;

export class Faults {
  readonly counts: FaultCounts = { cuts: 0, lostReplies: 0, kills: 0, rotations: 0 };
  /** Rotations that were begun; a fault may end one before it is done. */
  rotationsAsked = 0;
  private readonly open = new Set<WebSocket>();
  private readonly random: () => number;
  private active = true;

  constructor(random: () => number) {
    this.random = random;
  }

  /** From now on, everything works. */
  stop(): void {
    this.active = false;
  }

  /** A WebSocket for clients, which can be cut and which loses replies. */
  webSocket(): WebSocketConstructor {
    const faults = this;
    return class implements WebSocketLike {
      private readonly socket: WebSocket;

      constructor(url: string, protocols: string[]) {
        this.socket = new WebSocket(url, protocols);
        faults.open.add(this.socket);
        this.socket.on('close', () => faults.open.delete(this.socket));
      }

      send(text: string): void {
        this.socket.send(text);
      }

      close(code?: number): void {
        this.socket.close(code);
      }

      addEventListener(type: string, listener: (event: never) => void): void {
        const hear = (event: never) => {
          if (type !== 'message' || !faults.loses(event)) listener(event);
        };
        Reflect.apply(this.socket.addEventListener, this.socket, [type, hear]);
      }
    };
  }

  /** The network is gone, without a close frame. */
  cut(): void {
    const socket = this.pick([...this.open].filter(({ readyState }) => readyState === WebSocket.OPEN));
    if (!socket) return;
    socket.terminate();
    this.counts.cuts += 1;
  }

  rotate(connections: readonly Connection[]): void {
    const connection = this.pick(connections.filter(({ state }) => state === 'connected'));
    connection?.renew();
    this.rotationsAsked += 1;
  }

  /** Kills a Lambda at any line of its code. */
  kill({ functions, functionNames }: Runtime): void {
    const running = functionNames.flatMap((name) => functions.pool(name)?.running() ?? []);
    const environment = this.pick(running);
    if (!environment) return;
    environment.kill('Killed by chaos.');
    this.counts.kills += 1;
  }

  private loses({ data }: { data: unknown }): boolean {
    const isLost =
      this.active && String(data).includes('"event":"published"') && this.random() < 1 / LOST_REPLY_EVERY;
    if (isLost) this.counts.lostReplies += 1;
    return isLost;
  }

  private pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.random() * items.length)];
  }
}
