/** Finds out whether the server is still there: after minutes without a frame, or when the application or the page asks. */

import { nothingPlanned } from '../platform/clock.ts';
import type { Settings } from '../settings/settings.ts';

export interface HeartbeatOwner {
  send(frame: string): void;
  /** No pong came in time. */
  close(reason: 'no pong'): void;
}

export class Heartbeat {
  readonly #settings: Settings;
  readonly #owner: HeartbeatOwner;
  #lastTraffic = 0;
  #cancelIdle = nothingPlanned;
  #probe: Promise<boolean> | undefined;
  #end: (isThere: boolean) => void = nothingPlanned;

  constructor(settings: Settings, owner: HeartbeatOwner) {
    this.#settings = settings;
    this.#owner = owner;
  }

  start(): void {
    this.traffic();
    this.#wait();
  }

  stop(): void {
    this.#cancelIdle();
    this.#end(false);
  }

  /** A frame was sent or received. */
  traffic(): void {
    this.#lastTraffic = this.#settings.clock.now();
  }

  /** A frame was received. Any frame proves that the server is there, not only a pong. */
  received(): void {
    this.traffic();
    this.#end(true);
  }

  /** Pings, unless a ping is under way. Settles with whether the server answered. */
  check(): Promise<boolean> {
    this.#probe ??= this.#ping();
    return this.#probe;
  }

  #ping(): Promise<boolean> {
    const { clock, heartbeat } = this.#settings;
    return new Promise((resolve) => {
      const cancel = clock.after(heartbeat.timeoutMs, () => this.#owner.close('no pong'));
      this.#end = (isThere) => {
        cancel();
        this.#probe = undefined;
        resolve(isThere);
      };
      this.#owner.send('{"action":"ping"}');
    });
  }

  /** One timer that reads the time of the last frame, instead of a new timer for every frame. */
  #wait(): void {
    const { clock, heartbeat } = this.#settings;
    const leftMs = this.#lastTraffic + heartbeat.idleMs - clock.now();
    if (leftMs <= 0) void this.check();
    this.#cancelIdle = clock.after(leftMs > 0 ? leftMs : heartbeat.idleMs, () => this.#wait());
  }
}
