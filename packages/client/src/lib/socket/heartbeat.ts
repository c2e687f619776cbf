/** Finds out whether the server is still there: when nothing went either way for minutes, or when someone doubts it. */

import { nothingPlanned } from '../platform/clock.ts';
import type { Settings } from '../settings/settings.ts';

export interface HeartbeatPolicy {
  /** Silence in both directions after which to ask; below the platform's 10 minutes. Milliseconds. */
  readonly idleMs: number;
  /** How long the answer may take. Milliseconds. */
  readonly timeoutMs: number;
}

export interface HeartbeatOwner {
  send(frame: string): void;
  /** No answer came in time. */
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

  /** Something went either way. */
  traffic(): void {
    this.#lastTraffic = this.#settings.clock.now();
  }

  /** Whatever comes in proves that the server is there, a pong or anything else. */
  received(): void {
    this.traffic();
    this.#end(true);
  }

  /** Asks now, unless an answer is awaited already. Whether it came. */
  check(): Promise<boolean> {
    this.#probe ??= this.#ask();
    return this.#probe;
  }

  #ask(): Promise<boolean> {
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

  /** One timer that looks at the time of the last traffic, instead of a new timer for every frame. */
  #wait(): void {
    const { clock, heartbeat } = this.#settings;
    const leftMs = this.#lastTraffic + heartbeat.idleMs - clock.now();
    if (leftMs <= 0) void this.check();
    this.#cancelIdle = clock.after(leftMs > 0 ? leftMs : heartbeat.idleMs, () => this.#wait());
  }
}
