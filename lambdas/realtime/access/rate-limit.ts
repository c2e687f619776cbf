/**
 * Limits the rate of one connection by a token bucket in which a frame costs time: some for each command and some for each byte.
 * The bucket is the moment until which earlier frames keep the connection busy. It may run ahead of the clock by at most the
 * burst (GCRA, https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
 *
 * The connection's item holds the bucket that counts. Besides, each container gives every connection a small allowance from
 * memory: most connections never need more, and so cost no write and no wait. A connection that keeps asking is charged for some
 * commands in advance. At its limit it is refused until there is room for as many commands again, so that most of a flood costs
 * only its refusals. A flooding connection gets no allowance from memory. Its prepaid commands are released evenly, so that they
 * cannot starve other connections on the same machines.
 *
 * The `Meter` charges the bytes that leave because of a frame to the same bucket. Posts of a broadcast are paced by
 * `FlowControl`, which is another mechanism: it follows what the platform accepts, and has no fixed rate.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import { BURST_MS, BYTES_PER_SECOND, COMMANDS_PER_SECOND } from 'fanfare-protocol/limits';
import type { Clock } from '../clock.ts';
import type { ChargeStore } from './charge-store.ts';
import { Meter } from './meter.ts';

/** A frame, as the gateway received it. */
export interface Received {
  readonly connectionId: string;
  /** Milliseconds since 1970. The limit is on the rate at which a client sends, and not on the rate of the answers. */
  readonly receivedAt: number;
}

export interface FrameSize {
  readonly commands: number;
  readonly bytes: number;
}

export interface RateLimitPorts extends Clock {
  readonly connections: ChargeStore;
  /** Closes a connection that the store does not know any more. */
  readonly outbound: { disconnect(connectionId: string): Promise<unknown> };
}

/** Milliseconds of a connection's time. */
export function costOf({ commands, bytes }: FrameSize): number {
  return Math.ceil((commands / COMMANDS_PER_SECOND + bytes / BYTES_PER_SECOND) * 1000);
}

/**
 * The share of the rate that a container allows from memory, and how much of it may be used at once: the fifteen commands with which
 * most clients begin. A flood uses it up in every container that it reaches, so it comes on top of the burst.
 */
const SHARE = 0.05;
const SHARE_AT_ONCE_MS = 300;

/**
 * A connection this far ahead of the clock is charged for `ADVANCE_MS` at once: at the limit, one write pays for ten commands.
 * Milliseconds.
 */
const ASKS_ON_MS = 1_000;
const ADVANCE_MS = 200;

/** Opening a session again costs as many writes as ten commands. Milliseconds. */
const OPENING_MS = 200;

/** The old stream of the session may be charged in between, once or twice. */
const OPENING_ATTEMPTS = 5;

/** More connections than one container serves within seconds. The oldest entry is forgotten first. */
const REMEMBERED = 10_000;

interface Memory {
  /** Until when the share is used up, in the container's slower time. Milliseconds since 1970. */
  shareUntil: number;
  /** The value of the item when it was last written. Milliseconds since 1970. */
  busyUntil: number;
  /** Charged in advance, and not used yet. Milliseconds. */
  advance: number;
  /** Until then it is not worth asking. Milliseconds since 1970. */
  limitedUntil: number;
  /**
   * The cost of a reply that was read and then refused. The client will repeat the command, and pays this before the reply is
   * read again. Milliseconds.
   */
  foreseen: number;
}

/** Milliseconds of a connection's time. */
interface Price {
  readonly costMs: number;
  /** Charged in addition, and kept for the next commands. */
  readonly foreseen?: number;
  /** The further cost of the same frame when it comes again. */
  readonly again?: number;
}

/** Short, because an array is refused command by command. */
const RULE = 'Too many commands or bytes.';

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
    const costMs = costOf(size);
    const { foreseen } = memory;
    await this.take(connectionId, memory, { costMs, foreseen }, receivedAt);
    memory.foreseen = 0;
    return this.meter(received, size);
  }

  /** For bytes that leave without a frame. Without a size, nothing is charged yet. */
  meter({ connectionId, receivedAt }: Received, size: FrameSize = { commands: 0, bytes: 0 }): Meter {
    return new Meter(size, async (dueMs, now = receivedAt) => {
      const memory = this.recall(connectionId);
      try {
        await this.take(connectionId, memory, { costMs: dueMs, again: costOf(size) }, now);
      } catch (error) {
        memory.foreseen = dueMs;
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
    const { connections, now, pause } = this.ports;
    for (let attempt = 1; ; attempt++) {
      const at = now();
      const bill = { costMs: OPENING_MS, burstMs: BURST_MS, now: at, isBusy: true };
      const charge = await connections.charge(connectionId, bill);
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
    await this.ports.connections.charge(connectionId, {
      costMs: aheadMs,
      burstMs: BURST_MS,
      now,
      isBusy: false,
    });
  }

  private async take(connectionId: string, memory: Memory, price: Price, now: number): Promise<void> {
    const { costMs, foreseen = 0, again = 0 } = price;
    const isFlood = floods(memory, now);
    if (!isFlood && foreseen === 0 && takesFromShare(memory, costMs, now)) return;
    const dueMs = costMs + foreseen - advanceOf(memory, now);
    if (dueMs > 0) await this.charge(connectionId, memory, { dueMs, again }, now);
    else memory.advance = -dueMs;
    memory.advance += foreseen;
    if (isFlood) memory.limitedUntil = Math.max(now, memory.limitedUntil) + costMs;
  }

  private async charge(
    connectionId: string,
    memory: Memory,
    { dueMs, again }: { readonly dueMs: number; readonly again: number },
    now: number,
  ): Promise<void> {
    const { connections, outbound } = this.ports;
    const ahead = memory.busyUntil - now;
    const costMs = ahead > ASKS_ON_MS ? Math.max(dueMs, Math.min(ADVANCE_MS, BURST_MS - ahead)) : dueMs;
    const bill = { costMs, burstMs: BURST_MS, now, isBusy: ahead > 0 };
    const charge = await connections.charge(connectionId, bill);
    if (charge.kind === 'gone') {
      // Forgotten, yet still talking: one mistaken 410 does that (OR-6). Only a new connection can be known again.
      await outbound.disconnect(connectionId);
      throw new ProtocolError('busy', 'This connection was closed; connect again.');
    }
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

function newMemory(): Memory {
  return { shareUntil: 0, busyUntil: 0, advance: 0, limitedUntil: 0, foreseen: 0 };
}

function takesFromShare(memory: Memory, costMs: number, now: number): boolean {
  // At a share of the rate, a command takes longer by the inverse of the share.
  const after = Math.max(now, memory.shareUntil) + costMs / SHARE;
  if (after > now + SHARE_AT_ONCE_MS / SHARE) return false;
  memory.shareUntil = after;
  return true;
}

/** Whether the connection was refused a moment ago and continued at once. */
function floods({ limitedUntil }: Memory, now: number): boolean {
  return now - limitedUntil < ADVANCE_MS;
}

/** The advance does not extend the burst: it expires at the moment at which the bucket would have become empty. */
function advanceOf({ advance, busyUntil }: Memory, now: number): number {
  return Math.min(advance, Math.max(0, busyUntil - now));
}
