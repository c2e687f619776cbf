/** Causes faults and counts them: sockets cut, replies lost, Lambda environments killed, connections rotated. */

import type { Connection, WebSocketConstructor, WebSocketLike } from 'fanfare-client';
import type { Runtime } from 'fanfare-local';
import { WebSocket } from 'ws';

export interface FaultCounts {
  cuts: number;
  lostReplies: number;
  kills: number;
  /** Of these, environments of `pack`, which delivers packed channels. */
  packKills: number;
  rotations: number;
}

/** One reply to a publish in this many never arrives, though the message is in the log. */
const LOST_REPLY_EVERY = 6;

/** How CloudFormation's name of the function begins. */
const PACKS = /^Fanfare.*pack[0-9A-F]{8}$|pack$/i;

export class Faults {
  readonly counts: FaultCounts = { cuts: 0, lostReplies: 0, kills: 0, packKills: 0, rotations: 0 };
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

  /** Kills a Lambda at any line of its code: every other time one that packs, if it runs. */
  kill({ functions, functionNames }: Runtime): void {
    const running = functionNames.flatMap((name) =>
      (functions.pool(name)?.running() ?? []).map((environment) => ({
        environment,
        packs: PACKS.test(name),
      })),
    );
    const packing = running.filter(({ packs }) => packs);
    const isPackingDue = packing.length > 0 && this.counts.packKills < this.counts.kills / 2;
    const chosen = this.pick(isPackingDue ? packing : running);
    if (!chosen) return;
    chosen.environment.kill('Killed by chaos.');
    this.counts.kills += 1;
    if (chosen.packs) this.counts.packKills += 1;
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
