/**
 * How much one connection may ask for: a token bucket in which a frame costs time, some for each command and some for each
 * byte. The bucket is the moment until which the connection is busy with what it was given already; it may run ahead of the
 * clock by the burst, no further (GCRA, https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
 *
 * The bucket that counts is the connection's item. Before that, every container gives each connection a small share of it,
 * from memory: most connections never ask for more, and so cost no write and no wait. A flood is remembered as well, so that most
 * of it costs nothing but its refusal.
 */

import { ProtocolError } from '../../protocol/errors.ts';
import { BURST_MS, BYTES_PER_SECOND, COMMANDS_PER_SECOND } from '../../protocol/limits.ts';
import type { ConnectionStore, Outbound } from './ports.ts';

/** A frame, as the gateway received it. */
export interface Received {
  readonly connectionId: string;
  /** Milliseconds since 1970. What counts is how fast a client sends, not how fast it is answered. */
  readonly receivedAt: number;
}

export interface FrameSize {
  readonly commands: number;
  readonly bytes: number;
}

export interface RateLimitPorts {
  readonly connections: Pick<ConnectionStore, 'charge'>;
  readonly outbound: Pick<Outbound, 'disconnect'>;
  readonly now: () => number;
}

/** Milliseconds of a connection's time. */
export function costOf({ commands, bytes }: FrameSize): number {
  return Math.ceil((commands / COMMANDS_PER_SECOND + bytes / BYTES_PER_SECOND) * 1000);
}

/** A container's own share of the rate, and of the burst. */
const SHARE = 0.05;

/** As many as talk to one container within seconds; the one that came first is forgotten first. */
const REMEMBERED = 10_000;

interface Memory {
  /** Until when the share is used up, in the container's slower time. Milliseconds since 1970. */
  shareUntil: number;
  /** What the item said when it was last written. Milliseconds since 1970. */
  busyUntil: number;
  /** Until then it is not worth asking. Milliseconds since 1970. */
  limitedUntil: number;
}

export class RateLimit {
  private readonly memories = new Map<string, Memory>();
  private readonly ports: RateLimitPorts;

  constructor(ports: RateLimitPorts) {
    this.ports = ports;
  }

  /**
   * Lets a frame pass, or says when it may.
   *
   * @throws ProtocolError `rate-limited` with `retryAfter`; `busy` when the connection was forgotten meanwhile.
   */
  async admit({ connectionId, receivedAt }: Received, size: FrameSize): Promise<void> {
    const memory = this.recall(connectionId);
    if (receivedAt < memory.limitedUntil) throw this.limitedUntil(memory.limitedUntil);
    const costMs = costOf(size);
    if (takesFromShare(memory, costMs, receivedAt)) return;
    await this.charge(connectionId, memory, costMs, receivedAt);
  }

  private async charge(connectionId: string, memory: Memory, costMs: number, now: number): Promise<void> {
    const { connections, outbound } = this.ports;
    const isBusy = memory.busyUntil > now;
    const charge = await connections.charge(connectionId, { costMs, burstMs: BURST_MS, now, isBusy });
    if (charge.kind === 'gone') {
      // Forgotten, yet still talking: one mistaken 410 does that (OR-6). Only a new connection can be known again.
      await outbound.disconnect(connectionId);
      throw new ProtocolError('busy', 'This connection was closed; connect again.');
    }
    memory.busyUntil = charge.busyUntil;
    if (charge.kind === 'charged') return;
    memory.limitedUntil = Math.max(now + 1, charge.busyUntil + costMs - BURST_MS);
    throw this.limitedUntil(memory.limitedUntil);
  }

  private limitedUntil(moment: number): ProtocolError {
    const rule = `A connection has ${COMMANDS_PER_SECOND} commands and ${BYTES_PER_SECOND} bytes a second`;
    return new ProtocolError(
      'rate-limited',
      `${rule}; wait a moment.`,
      Math.max(1, moment - this.ports.now()),
    );
  }

  private recall(connectionId: string): Memory {
    const memory = this.memories.get(connectionId) ?? { shareUntil: 0, busyUntil: 0, limitedUntil: 0 };
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

function takesFromShare(memory: Memory, costMs: number, now: number): boolean {
  const after = Math.max(now, memory.shareUntil) + costMs / SHARE;
  // At a share of the rate everything lasts so much longer: then the same time is that share of the burst.
  if (after > now + BURST_MS) return false;
  memory.shareUntil = after;
  return true;
}
