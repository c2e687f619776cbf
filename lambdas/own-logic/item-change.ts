/** What a file of `publishChanges` gets of a change in a table of the application, and what it may make of it. */

import type { PublishRequest } from 'fanfare-protocol/server-operations';

/** `Item` is what the table has, as plain JavaScript. It is not checked. */
export interface ItemChange<Item = Record<string, unknown>> {
  /** The attributes of the primary key. */
  readonly key: Partial<Item>;
  /** Absent if the item is new, and if the stream has no old images. */
  readonly before?: Item;
  /** Absent if the item is gone. The stream has to have new images. */
  readonly after?: Item;
  /** Milliseconds since 1970, in whole seconds. */
  readonly time: number;
  /** Identifies the change: the same if it comes again. */
  readonly id: string;
}

/** Where a change is told, and what is said. Without a `key`, the id of the change is the key, so that a repetition publishes once. */
export type Announcement = Pick<PublishRequest, 'channels' | 'users' | 'everyone' | 'data' | 'key'>;

/** The default export of the file. */
export type Announce<Item = Record<string, unknown>> = (
  change: ItemChange<Item>,
) => Announcement | undefined | PromiseLike<Announcement | undefined>;
