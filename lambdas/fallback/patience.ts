/** A stream over its limit waits. A command would be refused instead, but no client would repeat what a stream was about to send. */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { Meter } from '../realtime/access/meter.ts';
import type { StreamEvent } from './event-stream.ts';

export interface Patience {
  /** The bytes that the stream has read from its mailbox, and those that it has sent from the log. */
  readonly meter: Meter;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** False when the stream is over. Milliseconds. */
  wait(ms: number): Promise<boolean>;
}

/** Yields each event when the connection may receive it. Ends when the stream is over. */
export async function* paced(
  events: AsyncIterable<StreamEvent>,
  { meter, now, wait }: Patience,
): AsyncGenerator<StreamEvent> {
  for await (const event of events) {
    for (;;) {
      const waitMs = await refusedFor(meter.spend(Buffer.byteLength(event.frame), now()));
      if (waitMs === undefined) break;
      if (!(await wait(waitMs))) return;
    }
    yield event;
  }
}

/** Milliseconds; `undefined` when it was not refused. */
async function refusedFor(spent: Promise<void>): Promise<number | undefined> {
  try {
    await spent;
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError && error.retryAfter !== undefined) return error.retryAfter;
    throw error;
  }
}
