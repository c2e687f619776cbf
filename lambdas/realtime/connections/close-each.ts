/** Closes many connections, each on its own: a failure of one does not keep the others open. */

import { visitInFlight } from '../in-flight.ts';
import { logLines } from '../log-lines.ts';
import { PlatformRefusal, refusalIn } from '../platform-refusal.ts';
import type { Logging } from '../structured-log.ts';
import type { Closer, Closing } from './outbound.ts';

interface ClosePorts extends Logging {
  readonly outbound: Closer;
}

/** Each takes two or three requests, so only few run at once. */
export const FEW_IN_FLIGHT = 16;

/** When the first 32 are all refused, the rest would be refused as well. */
const WALL_CLOSES = 32;

/**
 * Logs all refusals as one error.
 *
 * @param closed is called for each one that was closed; if it fails, the connection counts as failed.
 * @returns how many failed.
 */
export async function closeEach<Recipient extends { readonly connectionId: string }>(
  { outbound, log }: ClosePorts,
  channel: string,
  recipients: readonly Recipient[],
  closed: (recipient: Recipient, outcome: Closing) => Promise<void> = async () => {},
): Promise<number> {
  let done = 0;
  let refused = 0;
  let refusal: string | undefined;
  await visitInFlight(recipients, FEW_IN_FLIGHT, async (recipient) => {
    if (done === 0 && refused >= WALL_CLOSES) return;
    try {
      await closed(recipient, await outbound.disconnect(recipient.connectionId));
      done += 1;
    } catch (error) {
      const reason = refusalIn(error);
      if (reason === undefined) log.warn(logLines.notClosed, fieldsOf(channel, recipient, error));
      else refused += 1;
      refusal ??= reason;
    }
  });
  const failed = recipients.length - done;
  if (refusal !== undefined) {
    const error = new PlatformRefusal(refusal, channel, failed);
    log.error(logLines.closesRefused, { error, channel, connections: failed });
  }
  return failed;
}

function fieldsOf(channel: string, { connectionId }: { readonly connectionId: string }, error: unknown) {
  return { channel, connectionId, reason: error instanceof Error ? error.name : 'unknown' };
}
