/** The store of channel logs. Every method is one atomic request. */

import type { Retention } from '../access/namespaces.ts';
import type { SenderKey } from './sender.ts';

/** The newest number of a channel and when its counting began. */
export interface Head {
  readonly seq: number;
  /** The number that counting started from: the time of creation, in milliseconds since 1970. */
  readonly createdAt: number;
  /** Over how many shards the channel's subscriptions are spread now. */
  readonly shardCount: number;
}

/** Stands for the head of a channel without messages. Position 0 is before the first message. */
export const NEVER_USED: Head = { seq: 0, createdAt: 0, shardCount: 1 };

/** The final record of a number: a message, or void because its writer never came. */
export type LogRecord = MessageRecord | SealedRecord;

export interface MessageRecord {
  readonly seq: number;
  readonly data: unknown;
  readonly from?: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export interface SealedRecord {
  readonly seq: number;
  readonly void: true;
  readonly time: number;
}

/** A message to write; `key` makes writing it again harmless. */
export interface Entry {
  readonly record: MessageRecord;
  readonly key?: SenderKey;
}

/** The consecutive numbers of one publish. */
export interface Batch {
  /** Inclusive. */
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
}

/** Where a key was written before. */
export interface Landing {
  readonly seq: number;
  /** The whole batch of the message, which was sent in one frame. */
  readonly batch: Batch;
}

/** `taken`: a number was sealed first. `duplicate`: these keys of the sender were written before. */
export type WriteOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'taken' }
  | { readonly kind: 'duplicate'; readonly landed: ReadonlyMap<string, Landing> };

export interface Range extends Batch {
  readonly newestFirst?: boolean;
}

export interface LogStore {
  /** Adds `count` to the head, which starts from `now`, and answers the new head. Contention-free. */
  raise(channel: string, count: number, now: number): Promise<Head>;
  /** The head, strongly consistent; `undefined` for a channel without a message. */
  head(channel: string): Promise<Head | undefined>;
  /** Writes all entries or none: each number, and each key of its sender, only if it does not exist yet. */
  write(channel: string, entries: readonly Entry[], retention: Retention): Promise<WriteOutcome>;
  /** Makes a number void if it has no record, and returns the record that it has now. */
  seal(channel: string, sealed: SealedRecord, retention: Retention): Promise<LogRecord>;
  /** The existing records of a range, in order and strongly consistent. They are fetched while they are consumed. */
  read(channel: string, range: Range): AsyncIterable<LogRecord>;
}

/** @param entries at least one. */
export function batchOf(entries: readonly Entry[]): Batch {
  const numbers = entries.map(({ record }) => record.seq);
  return { from: Math.min(...numbers), to: Math.max(...numbers) };
}

/** The first number of the channel: no lower one was ever given out. */
export function firstOf({ createdAt }: Head): number {
  return createdAt + 1;
}

/** True for a number that has no message and never will. */
export function isVoid(record: LogRecord): record is SealedRecord {
  return 'void' in record;
}
