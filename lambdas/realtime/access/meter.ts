/**
 * Charges a frame for the bytes that leave because of it: its replies, and the frames that it has posted to one subscriber. Each
 * byte that came in pays for one byte that leaves. Further bytes cost the connection time, and more time than bytes that come in,
 * because the client did not have to send anything for them.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import {
  COMMANDS_PER_SECOND,
  POSTS_PER_SECOND,
  PUBLISH_COST_MS,
  SURPLUS_BYTES_PER_SECOND,
} from 'fanfare-protocol/limits';

/** Charges for what a publish causes. @throws ProtocolError `rate-limited`: then it may not leave. */
export interface Spend {
  /** Of the frame to one subscriber. */
  bytes(bytes: number): Promise<void>;
  /** One for each subscriber. `isDue`: they are made also if they cannot be paid. */
  posts(posts: number, isDue: boolean): Promise<void>;
}

/** For servers: the throttle of the stage limits them, not a connection. */
export const unmetered: Spend = { bytes: async () => {}, posts: async () => {} };

/** Charges a connection. */
export function meteredBy(meter: Meter): Spend {
  return { bytes: (bytes) => meter.spend(bytes), posts: (posts, isDue) => meter.post(posts, isDue) };
}

interface Payment {
  /** Milliseconds since 1970. @default when the frame was received */
  readonly now?: number | undefined;
  /** What is paid for happens also if it cannot be paid. */
  readonly isDue?: boolean;
}

/** Charges the connection. Milliseconds. */
type Pay = (dueMs: number, payment: Payment) => Promise<void>;

/** Milliseconds of a connection's time. */
export function surplusCost(bytes: number): number {
  return Math.ceil((Math.max(0, bytes) / SURPLUS_BYTES_PER_SECOND) * 1000);
}

/** Milliseconds of a connection's time. */
export function postsCost(posts: number): number {
  return Math.min(PUBLISH_COST_MS, Math.ceil((posts / POSTS_PER_SECOND) * 1000));
}

export class Meter {
  /** Why bytes could not leave. The rest of the frame is refused for the same reason, before anything is read for it. */
  refusal: ProtocolError | undefined;
  private bytesIn: number;
  private bytesOut = 0;
  /** The time of the commands themselves, and the further charge. Milliseconds. */
  private paidMs: number;
  /** The part of the time of the commands that no post has used. Milliseconds. */
  private includedMs: number;
  private readonly pay: Pay;

  constructor({ commands, bytes }: { readonly commands: number; readonly bytes: number }, pay: Pay) {
    this.bytesIn = bytes;
    this.paidMs = (commands * 1000) / COMMANDS_PER_SECOND;
    this.includedMs = this.paidMs;
    this.pay = pay;
  }

  /** Counts bytes of a mailbox as bytes that came in, because their publisher has paid for them. */
  received(bytes: number): void {
    this.bytesIn += bytes;
  }

  /**
   * Charges bytes before they leave. It costs at most one request to the table, and no request while the commands cover the bytes.
   *
   * @param now instead of when the frame was received. Milliseconds since 1970.
   * @throws ProtocolError `rate-limited` with `retryAfter`: then they may not leave.
   */
  async spend(bytes: number, now?: number): Promise<void> {
    const dueMs = Math.max(0, surplusCost(this.bytesOut + bytes - this.bytesIn) - this.paidMs);
    // Before the request, because several may be under way at once.
    this.bytesOut += bytes;
    this.paidMs += dueMs;
    try {
      await this.charge(dueMs, { now });
    } catch (error) {
      this.bytesOut -= bytes;
      this.paidMs -= dueMs;
      throw error;
    }
  }

  /**
   * Charges the posts of one publish. It costs no request while the commands cover them.
   *
   * @param isDue they are made also if they cannot be paid. The connection then pays for them before its next command.
   * @throws ProtocolError `rate-limited` with `retryAfter`.
   */
  async post(posts: number, isDue: boolean): Promise<void> {
    const costMs = postsCost(posts);
    const coveredMs = Math.min(costMs, this.includedMs);
    this.includedMs -= coveredMs;
    await this.charge(costMs - coveredMs, { isDue });
  }

  private async charge(dueMs: number, payment: Payment): Promise<void> {
    try {
      if (dueMs > 0) await this.pay(dueMs, payment);
    } catch (error) {
      if (error instanceof ProtocolError) this.refusal = error;
      throw error;
    }
  }
}
