/**
 * Charges a frame for the bytes that leave because of it: its replies, and the frames that it has posted to one subscriber. Each
 * byte that came in pays for one byte that leaves. Further bytes cost the connection time, and more time than bytes that come in,
 * because the client did not have to send anything for them.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import { COMMANDS_PER_SECOND, SURPLUS_BYTES_PER_SECOND } from 'fanfare-protocol/limits';

/** Charges bytes before they leave. @throws ProtocolError `rate-limited`: then they may not leave. */
export type Spend = (bytes: number) => Promise<void>;

/** For servers: the throttle of the stage limits them, not a connection. */
export const unmetered: Spend = async () => {};

/** Charges the connection, at a time. Milliseconds, and milliseconds since 1970. */
type Pay = (dueMs: number, now?: number) => Promise<void>;

/** Milliseconds of a connection's time. */
export function surplusCost(bytes: number): number {
  return Math.ceil((Math.max(0, bytes) / SURPLUS_BYTES_PER_SECOND) * 1000);
}

export class Meter {
  /** Why bytes could not leave. The rest of the frame is refused for the same reason, before anything is read for it. */
  refusal: ProtocolError | undefined;
  private bytesIn: number;
  private bytesOut = 0;
  /** The time of the commands themselves, and the further charge. Milliseconds. */
  private paidMs: number;
  private readonly pay: Pay;

  constructor({ commands, bytes }: { readonly commands: number; readonly bytes: number }, pay: Pay) {
    this.bytesIn = bytes;
    this.paidMs = (commands * 1000) / COMMANDS_PER_SECOND;
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
      if (dueMs > 0) await this.pay(dueMs, now);
    } catch (error) {
      this.bytesOut -= bytes;
      this.paidMs -= dueMs;
      if (error instanceof ProtocolError) this.refusal = error;
      throw error;
    }
  }
}
