/** The entries of a mailbox for its client, up to the entry that says that the connection was closed. */

import type { MailboxEntry } from '../realtime/connections/http-sessions.ts';

export interface Delivery {
  /** JSON, oldest first. */
  readonly frames: readonly string[];
  /** Of these frames. */
  readonly entryIds: readonly string[];
  /** Later entries are not for this client. */
  readonly isLast: boolean;
}

export function deliveryOf(entries: readonly MailboxEntry[]): Delivery {
  const frames: string[] = [];
  const entryIds: string[] = [];
  for (const { entryId, content } of entries) {
    if (content === 'closed') return { frames, entryIds, isLast: true };
    frames.push(content.frame);
    entryIds.push(entryId);
  }
  return { frames, entryIds, isLast: false };
}
