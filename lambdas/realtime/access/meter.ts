/**
 * What leaves because of one frame, for any one receiver: its replies, and the frames that it has posted to each subscriber. As
 * many bytes as came in are paid with them. The others cost time of the connection, more than bytes that come in, because the
 * server makes them out of nothing that the client had to send.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import { COMMANDS_PER_SECOND, SURPLUS_BYTES_PER_SECOND } from 'fanfare-protocol/limits';

/** Tells of bytes that are about to leave. @throws ProtocolError `rate-limited`: then they may not. */
export type Spend = (bytes: number) => Promise<void>;

/** For servers, which their stage's throttle limits, and no connection. */
export const unmetered: Spend = async () => {};

/** Charges the connection, at a time. Milliseconds, and milliseconds since 1970. */
type Pay = (dueMs: number, now?: number) => Promise<void>;

/** Milliseconds of a connection's time. */
export function surplusCost(bytes: number): number {
  return Math.ceil((Math.max(0, bytes) / SURPLUS_BYTES_PER_SECOND) * 1000);
}

export class Meter {
  /** Why something could not leave: the rest of the frame is refused for the same reason, before anything is read for it. */
  refusal: ProtocolError | undefined;
  private bytesIn: number;
  private bytesOut = 0;
  /** The time of the commands themselves, and what was charged on top. Milliseconds. */
  private paidMs: number;
  private readonly pay: Pay;

  constructor({ commands, bytes }: { readonly commands: number; readonly bytes: number }, pay: Pay) {
    this.bytesIn = bytes;
    this.paidMs = (commands * 1000) / COMMANDS_PER_SECOND;
    this.pay = pay;
  }

  /** Counts bytes of a mailbox as bytes that came in: their publisher paid for them, and the client has them now. */
  received(bytes: number): void {
    this.bytesIn += bytes;
  }

  /**
   * Tells of bytes that are about to leave. One request to the table at most, and none for as long as the commands cover them.
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
