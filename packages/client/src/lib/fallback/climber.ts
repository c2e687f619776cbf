/** Probes in the background whether a better transport works by now, and moves the connection to it. */

import type { Cancel, Timers } from '../platform/clock.ts';
import type { WebSocketLike } from '../platform/web-socket.ts';
import { within } from './http/within.ts';
import type { Ladder } from './ladder.ts';
import { type ProbePolicy, probeDelayMs } from './probe-policy.ts';
import type { Transport } from './transports.ts';

/** The least time between two probes that wake-ups cause: a page may be shown and hidden in quick succession. Milliseconds. */
const LEAST_BETWEEN_MS = 5_000;

/** How long one probe may take, from dialing to the pong. As long as the core waits for a reply. Milliseconds. */
const PROBE_MS = 10_000;

export interface ClimberOptions {
  readonly ladder: Ladder;
  readonly clock: Timers;
  readonly policy: ProbePolicy;
  random(): number;
  /** Called for each probe. */
  token(): Promise<string | undefined>;
  /** Opens a socket for the probe, beside those of the connection. */
  dial(transport: Transport, token: string | undefined): WebSocketLike;
  /** A better transport works. The ladder names it for the next socket. */
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

  /** The transport in use may have changed: plans a probe if there is a better one. A planned probe keeps its time. */
  plan(): void {
    const { ladder, clock, policy, random } = this.#options;
    if (ladder.better.length === 0 || this.#isProbing || this.#isOver) return;
    const delayMs = probeDelayMs(ladder.probes, policy, random());
    this.#cancelProbe ??= clock.after(delayMs, () => void this.#probe());
  }

  /**
   * The page is visible again, or the network is back, perhaps another network: so the ladder's knowledge of the transports is
   * out of date.
   */
  wakeUp(): void {
    const { ladder, clock } = this.#options;
    if (ladder.inUse === undefined) ladder.restart();
    else if (clock.now() - this.#probedAt >= LEAST_BETWEEN_MS) void this.#probe();
  }

  stop(): void {
    this.#isOver = true;
    this.#cancelPlan();
    this.#socket?.close(1000);
  }

  #cancelPlan(): void {
    this.#cancelProbe?.();
    this.#cancelProbe = undefined;
  }

  async #probe(): Promise<void> {
    const { ladder, clock, onBetter } = this.#options;
    this.#cancelPlan();
    if (ladder.better.length === 0 || this.#isProbing || this.#isOver) return;
    this.#isProbing = true;
    this.#probedAt = clock.now();
    const found = await this.#firstOf(ladder.better);
    this.#isProbing = false;
    ladder.probes += 1;
    // During the probe, the connection may have reached this transport, or a better one, by itself.
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

  /** A transport works if it answers a ping. Some proxies pass the handshake and nothing after it. */
  async #works(transport: Transport): Promise<boolean> {
    const { clock, token, dial } = this.#options;
    try {
      const fresh = await within(clock, PROBE_MS, token());
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
      // The token function or the constructor threw. The connection will report the same when it next connects.
      return false;
    }
  }
}
