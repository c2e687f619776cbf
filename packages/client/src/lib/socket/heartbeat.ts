/** Finds out whether the server is still there: after a time without a frame, or when the application or the page asks. */

import { nothingPlanned, type Timer } from '../platform/clock.ts';
import type { Settings } from '../settings/settings.ts';

/** The longest wait for a pong, after pongs that came late or not at all. Milliseconds. */
const MOST_PONG_MS = 30_000;

/**
 * How long the client pings more often after a pong was missing. The cause may have been another one than a router that forgets. If it
 * was that, the longer silence costs messages again, for 4.5 minutes. Milliseconds.
 */
const DOUBT_MS = 8 * 3_600_000;

export interface HeartbeatOwner {
  send(frame: string): void;
  /** No pong came in time. */
  close(reason: 'no pong'): void;
}

export class Heartbeat {
  readonly #settings: Settings;
  readonly #owner: HeartbeatOwner;
  readonly #idle: Timer;
  /** `idleMs`, once this socket has lived through half of it. Each socket may go another way, so it begins anew. */
  #silenceMs: number | undefined;
  #probe: Promise<boolean> | undefined;
  #end: (isThere: boolean) => void = nothingPlanned;

  constructor(settings: Settings, owner: HeartbeatOwner) {
    this.#settings = settings;
    this.#owner = owner;
    this.#idle = settings.timers.timer();
  }

  end(): void {
    this.#idle();
    this.#end(false);
  }

  /**
   * A frame was received, or the socket has opened. Any frame proves that the server is there, not only a pong. Frames that are
   * sent count by their replies.
   */
  received(): void {
    const { timers: clock, rhythm } = this.#settings;
    this.#end(true);
    const { idleMs, shortIdleMs } = rhythm;
    const isInDoubt = clock.now() < rhythm.doubtUntil;
    this.#idle(isInDoubt ? Math.min(idleMs, shortIdleMs) : (this.#silenceMs ?? idleMs / 2), async () => {
      // A ping that the application asks for, or one of many, shows nothing about a long silence.
      if ((await this.answers()) && !isInDoubt) this.#silenceMs = idleMs;
    });
  }

  /**
   * Pings, unless a ping is under way. Settles with whether the server answered. A missing pong shows that something on the way forgets
   * silent connections, so the client pings more often from then on.
   *
   * @param isAwake `false` if sleep or another network would explain a missing pong.
   */
  answers(isAwake = true): Promise<boolean> {
    const { timers: clock, rhythm } = this.#settings;
    this.#probe ??= new Promise((resolve) => {
      const sentAt = clock.now();
      const cancel = clock.after(Math.max(rhythm.timeoutMs, rhythm.pongMs), () =>
        this.#owner.close('no pong'),
      );
      this.#end = (isThere) => {
        cancel();
        this.#probe = undefined;
        // Later frames, and the end of the socket, say nothing about this ping.
        this.#end = nothingPlanned;
        // A proxy may hold frames back. Twice the time of this pong is enough for the next one, also if this one is still missing.
        rhythm.pongMs = Math.min(MOST_PONG_MS, 2 * (clock.now() - sentAt));
        if (isAwake && !isThere) rhythm.doubtUntil = sentAt + DOUBT_MS;
        resolve(isThere);
      };
      this.#owner.send('{"action":"ping"}');
    });
    return this.#probe;
  }
}
