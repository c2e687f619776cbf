/** The frames of a mailbox that its client has not acknowledged, as many as fit into one answer. */

import { POLL_BYTES } from 'fanfare-protocol/limits';
import type { Meter } from '../realtime/access/meter.ts';
import type { MailboxEntry } from '../realtime/connections/http-sessions.ts';
import type { FallbackPorts } from './context.ts';
import { Pace } from './pace.ts';

export interface Found {
  /** Which were not acknowledged. */
  readonly entries: readonly MailboxEntry[];
  /** Acknowledged, and not removed yet. */
  readonly known: readonly string[];
}

/**
 * Returns the entries that are there, or waits for the first ones. It removes acknowledged entries, and counts each of them as
 * received once.
 *
 * @param until milliseconds since 1970.
 */
export async function entriesBy(
  until: number,
  connectionId: string,
  { mailboxes, now, pause }: FallbackPorts,
  acknowledged: ReadonlySet<string>,
  meter: Meter,
): Promise<Found> {
  const pace = new Pace();
  const missing = new Set(acknowledged);
  for (;;) {
    const read = await mailboxes.read(connectionId);
    const known = read.filter(({ entryId }) => missing.has(entryId));
    const entries = read.filter(({ entryId }) => !acknowledged.has(entryId));
    meter.received(bytesOf(known));
    const names = known.map(({ entryId }) => entryId);
    for (const name of names) missing.delete(name);
    const isWhole = missing.size === 0 || known.length === 0;
    if (entries.length > 0 && isWhole) return { entries, known: names };
    await mailboxes.remove(connectionId, names);
    if (names.length > 0) continue;
    const left = until - now();
    if (left <= 0) return { entries, known: [] };
    await pause(Math.min(left, pace.next('nothing')));
  }
}

/** The first entries, as many as one answer holds. */
export function fitting(entries: readonly MailboxEntry[]): readonly MailboxEntry[] {
  let bytes = 0;
  const end = entries.findIndex((entry, index) => {
    bytes += bytesOf([entry]);
    return bytes > POLL_BYTES && index > 0;
  });
  return end < 0 ? entries : entries.slice(0, end);
}

function bytesOf(entries: readonly MailboxEntry[]): number {
  return entries.reduce(
    (sum, { content }) => sum + (content === 'closed' ? 0 : Buffer.byteLength(content.frame) + 1),
    0,
  );
}
