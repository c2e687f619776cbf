/**
 * Limits the rate of one connection by a token bucket in which a frame costs time: some for each command and some for each byte.
 * The bucket is the moment until which earlier frames keep the connection busy. It may run ahead of the clock by at most the
 * burst (GCRA, https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
 *
 * A stored item holds the bucket that counts. Besides, each container gives every connection a small allowance from
 * memory: most connections never need more, and so cost no write and no wait. A connection that keeps asking is charged for some
 * commands in advance. At its limit it is refused until there is room for as many commands again, so that most of a flood costs
 * only its refusals. A flooding connection gets no allowance from memory. Its prepaid commands are released evenly, so that they
 * cannot starve other connections on the same machines.
 *
 * The `Meter` charges the bytes and posts that leave because of a frame to the same bucket. Posts of a broadcast are paced by
 * `FlowControl`, which is another mechanism: it follows what the platform accepts, and has no fixed rate.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import { BURST_MS, BYTES_PER_SECOND, COMMANDS_PER_SECOND } from 'fanfare-protocol/limits';
import type { Clock } from '../clock.ts';
import type { ChargeStore } from './charge-store.ts';
import { Meter } from './meter.ts';
import {
  ADVANCE_MS,
  advanceOf,
  floods,
  type Memory,
  newMemory,
  SHARE,
  SHARE_AT_ONCE_MS,
  takesFromShare,
} from './rate-memory.ts';

/** A frame, as the gateway received it. */
export interface Received {
  readonly connectionId: string;
  /** Milliseconds since 1970. The limit is on the rate at which a client sends, and not on the rate of the answers. */
  readonly receivedAt: number;
  /** Of a session over HTTP. */
  readonly leaseUntil?: number;
}

export interface FrameSize {
  readonly commands: number;
  readonly bytes: number;
}

export interface RateLimitPorts extends Clock {
  readonly charges: ChargeStore;
  /** Closes a connection that the store does not know any more. */
  readonly outbound: { disconnect(connectionId: string): Promise<unknown> };
}

/** Milliseconds of a connection's time. */
export function costOf({ commands, bytes }: FrameSize): number {
  return Math.ceil((commands / COMMANDS_PER_SECOND + bytes / BYTES_PER_SECOND) * 1000);
}

/**
 * A connection this far ahead of the clock is charged for `ADVANCE_MS` at once: at the limit, one write pays for ten commands.
 * Milliseconds.
 */
const ASKS_ON_MS = 1_000;

/** Opening a session again costs as many writes as ten commands. Milliseconds. */
const OPENING_MS = 200;

/** The old stream of the session may be charged in between, once or twice. */
const OPENING_ATTEMPTS = 5;

/**
 * How often a container looks whether a connection that it charges is still stored. A connection that was forgotten by mistake (OR-6)
 * gets no messages, so it is closed within this time after it is charged. A session over HTTP is looked for at each charge: a stream of
 * it that another one has replaced goes on until it is told so. Milliseconds.
 */
const KNOWN_MS = 60_000;

/** More connections than one container serves within seconds. The oldest entry is forgotten first. */
const REMEMBERED = 10_000;

/** Milliseconds of a connection's time. */
interface Price {
  readonly costMs: number;
  /** Charged in addition, and kept for the next commands. */
  readonly foreseen?: number;
  /** The further cost of the same frame when it comes again. */
  readonly again?: number;
}

/** Short, because an array is refused command by command. */
const RULE = 'Too many commands, bytes or posts to subscribers.';

export class RateLimit {
  private readonly memories = new Map<string, Memory>();
  private readonly ports: RateLimitPorts;

  constructor(ports: RateLimitPorts) {
    this.ports = ports;
  }

  /**
   * Lets a frame pass, or says when it may.
   *
   * @returns the meter that charges everything that leaves because of the frame.
   * @throws ProtocolError `rate-limited` with `retryAfter`; `busy` when the connection was forgotten meanwhile.
   */
  async admit(received: Received, size: FrameSize): Promise<Meter> {
    const { connectionId, receivedAt } = received;
    const memory = this.recall(connectionId);
    if (receivedAt < memory.limitedUntil) throw this.limitedUntil(memory.limitedUntil);
    const { foreseen, owed } = memory;
    await this.take(received, memory, { costMs: costOf(size) + owed, foreseen }, receivedAt);
    memory.foreseen = 0;
    memory.owed = 0;
    return this.meter(received, size);
  }

  /** For bytes that leave without a frame. Without a size, nothing is charged yet. */
  meter(received: Received, size: FrameSize = { commands: 0, bytes: 0 }): Meter {
    const { connectionId, receivedAt } = received;
    return new Meter(size, async (dueMs, { now = receivedAt, isDue = false }) => {
      const memory = this.recall(connectionId);
      try {
        await this.take(received, memory, { costMs: dueMs, again: costOf(size) }, now);
      } catch (error) {
        if (isDue) memory.owed += dueMs;
        else memory.foreseen = dueMs;
        throw error;
      }
    });
  }

  /**
   * Charges a new opening of a session to the session's last connection. It waits a little when that connection is busy, because
   * an `EventSource` that was cut off while it caught up would stop after a refusal.
   *
   * @returns how far it is ahead of the clock, for the connection that the session becomes. Milliseconds.
   * @throws ProtocolError `rate-limited` with `retryAfter`: the session stays what it is.
   */
  async leave(connectionId: string): Promise<number> {
    const { charges, now, pause } = this.ports;
    for (let attempt = 1; ; attempt++) {
      const at = now();
      const bill = { costMs: OPENING_MS, burstMs: BURST_MS, now: at, isBusy: true, isKnown: false };
      const charge = await charges.charge(connectionId, bill);
      if (charge.kind === 'gone') return 0;
      if (charge.kind === 'charged') return charge.busyUntil - at;
      const until = Math.max(at + 1, charge.busyUntil + OPENING_MS - BURST_MS);
      if (attempt === OPENING_ATTEMPTS) throw this.limitedUntil(until);
      await pause(until - at);
    }
  }

  /** Has a new connection begin as far ahead of the clock as the one before, and without a share here. */
  async arrive(connectionId: string, aheadMs: number, now: number): Promise<void> {
    if (aheadMs <= 0) return;
    this.recall(connectionId).shareUntil = now + SHARE_AT_ONCE_MS / SHARE;
    await this.ports.charges.charge(connectionId, {
      costMs: aheadMs,
      burstMs: BURST_MS,
      now,
      isBusy: false,
      isKnown: true,
    });
  }

  private async take(received: Received, memory: Memory, price: Price, now: number): Promise<void> {
    const { costMs, foreseen = 0, again = 0 } = price;
    const isFlood = floods(memory, now);
    if (!isFlood && foreseen === 0 && takesFromShare(memory, costMs, now)) return;
    const dueMs = costMs + foreseen - advanceOf(memory, now);
    if (dueMs > 0) await this.charge(received, memory, { dueMs, again }, now);
    else memory.advance = -dueMs;
    memory.advance += foreseen;
    if (isFlood) memory.limitedUntil = Math.max(now, memory.limitedUntil) + costMs;
  }

  private async charge(
    { connectionId, leaseUntil }: Received,
    memory: Memory,
    { dueMs, again }: { readonly dueMs: number; readonly again: number },
    now: number,
  ): Promise<void> {
    const { charges, outbound } = this.ports;
    const ahead = memory.busyUntil - now;
    const costMs = ahead > ASKS_ON_MS ? Math.max(dueMs, Math.min(ADVANCE_MS, BURST_MS - ahead)) : dueMs;
    const isKnown = leaseUntil === undefined && now < memory.knownUntil;
    const bill = { costMs, burstMs: BURST_MS, now, isBusy: ahead > 0, isKnown };
    const charge = await charges.charge(connectionId, bill);
    if (charge.kind === 'gone') {
      // Forgotten, yet still talking: one mistaken 410 does that (OR-6). Only a new connection can be known again.
      await outbound.disconnect(connectionId);
      throw new ProtocolError('busy', 'This connection was closed; connect again.');
    }
    if (!isKnown) memory.knownUntil = now + KNOWN_MS;
    memory.busyUntil = charge.busyUntil;
    if (charge.kind === 'charged') {
      memory.advance = costMs - dueMs;
      return;
    }
    const enoughMs = Math.max(dueMs + again, ADVANCE_MS);
    memory.limitedUntil = Math.max(now + 1, charge.busyUntil + enoughMs - BURST_MS);
    throw this.limitedUntil(memory.limitedUntil);
  }

  private limitedUntil(moment: number): ProtocolError {
    return new ProtocolError('rate-limited', RULE, Math.max(1, moment - this.ports.now()));
  }

  private recall(connectionId: string): Memory {
    const memory = this.memories.get(connectionId) ?? newMemory();
    this.memories.set(connectionId, memory);
    if (this.memories.size > REMEMBERED) {
      for (const oldest of this.memories.keys()) {
        this.memories.delete(oldest);
        break;
      }
    }
    return memory;
  }
}
