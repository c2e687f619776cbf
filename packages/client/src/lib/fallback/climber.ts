/** Looks in the background whether a better transport works by now, and moves the connection there. */

import type { Cancel, Timers } from '../platform/clock.ts';
import type { WebSocketLike } from '../platform/web-socket.ts';
import type { Ladder } from './ladder.ts';
import { type ProbePolicy, probeDelayMs } from './probe-policy.ts';
import type { Transport } from './transports.ts';

/** The page may be shown and hidden as fast as someone can type. Milliseconds. */
const LEAST_BETWEEN_MS = 5_000;

/** As long as the core waits for a reply; it covers the opening, too. Milliseconds. */
const PROBE_MS = 10_000;

export interface ClimberOptions {
  readonly ladder: Ladder;
  readonly clock: Timers;
  readonly policy: ProbePolicy;
  random(): number;
  /** For each probe a fresh one. */
  token(): Promise<string | undefined>;
  /** Opens a socket of its own, beside the connection's. */
  dial(transport: Transport, token: string | undefined): WebSocketLike;
  /** A better transport works, and is the next one that the ladder names. */
  onBetter(): void;
}

export class Climber {
  readonly #options: ClimberOptions;
  #cancelProbe: Cancel | undefined;
  #probedAt = Number.NEGATIVE_INFINITY;
  #isProbing = false;
  #socket: WebSocketLike | undefined;
  #isOver = false;

  constructor(options: ClimberOptions) {
    this.#options = options;
  }

  /** The transport in use may be another one now, or none. A probe that is planned stays so, however often sockets change. */
  plan(): void {
    const { ladder, clock, policy, random } = this.#options;
    if (ladder.better.length === 0 || this.#isProbing || this.#isOver) return;
    const delayMs = probeDelayMs(ladder.probes, policy, random());
    this.#cancelProbe ??= clock.after(delayMs, () => void this.#probe());
  }

  /** The page is seen again, or the network is back: what was known about it is old. */
  wakeUp(): void {
    const { ladder, clock } = this.#options;
    if (ladder.inUse === undefined) ladder.restart();
    else if (clock.now() - this.#probedAt >= LEAST_BETWEEN_MS) void this.#probe();
  }

  stop(): void {
    this.#isOver = true;
    this.#callOff();
    this.#socket?.close(1000);
  }

  #callOff(): void {
    this.#cancelProbe?.();
    this.#cancelProbe = undefined;
  }

  async #probe(): Promise<void> {
    const { ladder, clock, onBetter } = this.#options;
    this.#callOff();
    if (ladder.better.length === 0 || this.#isProbing || this.#isOver) return;
    this.#isProbing = true;
    this.#probedAt = clock.now();
    const found = await this.#firstOf(ladder.better);
    this.#isProbing = false;
    ladder.probes += 1;
    // Meanwhile the connection may have got there, or further, by itself.
    if (found && ladder.better.includes(found)) {
      ladder.climb(found);
      onBetter();
    }
    this.plan();
  }

  async #firstOf(transports: readonly Transport[]): Promise<Transport | undefined> {
    for (const transport of transports) if (await this.#works(transport)) return transport;
    return undefined;
  }

  /** It works if a ping is answered: proxies may let a handshake through, and nothing after it. */
  async #works(transport: Transport): Promise<boolean> {
    const { clock, token, dial } = this.#options;
    try {
      const fresh = await token();
      if (this.#isOver) return false;
      const socket = dial(transport, fresh);
      this.#socket = socket;
      const pong = new Promise<boolean>((resolve) => {
        socket.addEventListener('open', () => socket.send('{"action":"ping"}'));
        socket.addEventListener('message', () => resolve(true));
        socket.addEventListener('close', () => resolve(false));
      });
      const cancel = clock.after(PROBE_MS, () => socket.close(1000));
      const works = await pong;
      cancel();
      socket.close(1000);
      return works;
    } catch {
      // No token, or no socket: the connection itself will say so when it needs one.
      return false;
    }
  }
}
