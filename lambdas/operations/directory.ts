/** The lists that operators look up, page by page, as they were stored a moment ago. */

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
  /** Without the channels of grouped namespaces, which may be thousands. */
  connection(connectionId: string): Promise<StoredConnection | undefined>;
  /** The channels of grouped namespaces that a connection follows. */
  grouped(connectionId: string): Promise<readonly string[]>;
  /** `next` is the cursor of the next page. Absent on the last page. */
  connections(cursor?: string): Promise<{ readonly connections: StoredConnection[]; readonly next?: string }>;
  /**
   * Channels that are occupied, if the stage keeps occupancy, and channels that were used. Channels with history have the number
   * of their last message.
   */
  channels(cursor?: string): Promise<{ readonly heads: readonly ChannelHead[]; readonly next?: string }>;
}
