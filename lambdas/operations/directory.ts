/** What operators look up: page by page, as it was stored a moment ago. */

import type { Connection } from '../realtime/connections/connection-store.ts';

/** A connection as it is stored. */
export interface StoredConnection extends Connection {
  readonly channels: string[];
}

export interface ChannelHead {
  readonly channel: string;
  readonly seq?: number;
}

export interface Directory {
  connection(connectionId: string): Promise<StoredConnection | undefined>;
  /** `next` is the cursor of the next page. Absent on the last page. */
  connections(cursor?: string): Promise<{ readonly connections: StoredConnection[]; readonly next?: string }>;
  /**
   * Channels that are occupied, if the stage tells that, and channels that were used, with the number of the last message of
   * those that keep a history.
   */
  channels(cursor?: string): Promise<{ readonly heads: readonly ChannelHead[]; readonly next?: string }>;
}
