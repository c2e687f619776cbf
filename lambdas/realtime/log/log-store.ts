/** The store of channel logs. Every method is one atomic request. */

import { MESSAGES_PER_PUBLISH } from 'fanfare-protocol/limits';
import type { Retention } from '../access/namespaces.ts';
import type { SenderKey } from './sender.ts';

/** The newest number of a channel and when its counting began. */
export interface Head {
  readonly seq: number;
  /** The number that counting started from: the time of creation, in milliseconds since 1970. */
  readonly createdAt: number;
  /** Over how many shards the channel's subscriptions are spread now. */
  readonly shardCount: number;
  /** The void numbers that a writer left at the head last, for the frame of the number behind them. */
  readonly left?: Batch;
  /** In channels with values: when the head was raised last. Milliseconds since 1970. */
  readonly raisedAt?: number;
  /** In channels with values: the head before the last pause of `PAUSE_MS`. No number up to it is still waiting for its message. */
  readonly settled?: number;
}

/**
 * A run that publishes ends within a minute (decision 61). So a number that was given out before a pause of two minutes has its message, or
 * never will. The second minute is for clocks that differ. Milliseconds.
 */
export const PAUSE_MS = 2 * 60 * 1000;

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
  /** The name whose value the message is, or was. */
  readonly name?: string;
  /** The message removes the value of its name, or the message that it replaces; or it was deleted itself. */
  readonly removed?: true;
  /** The number of the message that this one replaces. Its content is stored there, and nowhere else. */
  readonly replaces?: number;
  /** The number of the newest edit of this message. */
  readonly edited?: number;
}

/** A message that replaces another one. */
export interface EditRecord extends MessageRecord {
  readonly replaces: number;
}

/** An edit, and the messages of the publish that it changes, before and after it. */
export interface Rewriting {
  readonly edit: EditRecord;
  /** As they were found. At least one. */
  readonly before: readonly MessageRecord[];
  readonly after: readonly MessageRecord[];
}

export interface SealedRecord {
  readonly seq: number;
  readonly void: true;
  readonly time: number;
}

/** The consecutive numbers of one publish. */
export interface Batch {
  /** Inclusive. */
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
}

/** Where the row of a key points. The message is there, or its writer is slow or dead. */
export interface Pointer {
  readonly seq: number;
  /** The whole batch of the message, which is sent in one frame. */
  readonly batch: Batch;
  /** The row of this key says that the batch was sent to every subscriber. */
  readonly isSent?: boolean;
}

/** Points a key at a number of the publish that writes there. */
export interface Pointing extends Omit<Pointer, 'isSent'> {
  readonly key: SenderKey;
  /** Milliseconds since 1970. The row expires ten minutes later. */
  readonly time: number;
  /** First numbers of batches that are void. A row that points into one of them may be pointed elsewhere. */
  readonly voidBatches: readonly number[];
}

export interface Range extends Batch {
  readonly newestFirst?: boolean;
  /** The reader takes at most this many records. */
  readonly most?: number;
  /**
   * About how many bytes of messages, as JSON on the wire, the reader has room for. The store fetches little more than that. The
   * reader may still take more, and then the store fetches on.
   */
  readonly bytes?: number;
  /** Leaves out a batch that begins before `from`, for a reader that knows of none. It spares a request if the record of `from` is missing. */
  readonly fromBatchStart?: boolean;
}

/**
 * The messages of one publish are stored together, at the first of their numbers. So a number without a record may still get its message
 * from a write at a lower number (see `gapless.ts`).
 */
export interface LogStore {
  /**
   * Adds `count` to the head, which starts from `now`, and answers the new head. Contention-free.
   *
   * @param notesPauses also notes `raisedAt`, and `settled` after a pause.
   */
  raise(channel: string, count: number, now: number, notesPauses?: boolean): Promise<Head>;
  /** The head, strongly consistent; `undefined` for a channel without a message. */
  head(channel: string): Promise<Head | undefined>;
  /**
   * Points a key at a number, if the key has no row, or one that has expired or that points into a void batch.
   *
   * @returns where the row points instead; `undefined` if it points at this number now.
   */
  point(channel: string, pointing: Pointing): Promise<Pointer | undefined>;
  /**
   * Writes the messages of one publish, all or none, if their first number has no record.
   *
   * @param messages at least one, with consecutive numbers.
   * @returns `false` if the number was sealed first.
   */
  write(channel: string, messages: readonly MessageRecord[], retention: Retention): Promise<boolean>;
  /** Where the rows of these keys point, strongly consistent; without keys that have no row, or an expired one. */
  pointers(channel: string, keys: readonly SenderKey[], now: number): Promise<ReadonlyMap<string, Pointer>>;
  /** Notes in the row of a key that the batch of its message was sent to every subscriber. A row that has expired stays away. */
  markSent(channel: string, key: SenderKey): Promise<void>;
  /**
   * Leaves void numbers at the head, so that the next raise returns them.
   *
   * @returns `false` if the head is not at the last of the numbers any more: another raise came first, and does not know them.
   */
  leave(channel: string, numbers: Batch): Promise<boolean>;
  /**
   * Makes a number void if nothing is stored at it. A batch that is stored at a lower number is not seen.
   *
   * @returns what is stored at the number now: one record, or all messages of a batch that begins there.
   */
  seal(channel: string, sealed: SealedRecord, retention: Retention): Promise<readonly LogRecord[]>;
  /** What is stored with a number: its record, with the other messages of its publish; `undefined` if nothing is. Strongly consistent. */
  publishOf(channel: string, seq: number): Promise<readonly LogRecord[] | undefined>;
  /**
   * Writes an edit without its content, and the content into the message that it replaces: both or none.
   *
   * @returns `sealed` if the number of the edit was sealed first; `changed` if the publish is not as it was found: another edit of one of
   *   its messages came first, or it was deleted because it has expired.
   */
  edit(
    channel: string,
    rewriting: Rewriting,
    retention: Retention,
  ): Promise<'written' | 'sealed' | 'changed'>;
  /**
   * The existing records of a range, in order and strongly consistent. They are fetched while they are consumed. An edit has the content
   * of the message that it replaces, as it is now.
   */
  read(channel: string, range: Range): AsyncIterable<LogRecord>;
}

/** The most numbers that a batch has. */
export const BATCH_NUMBERS = MESSAGES_PER_PUBLISH;

/** @param records at least one, in the order of their numbers. */
export function batchOf(records: readonly LogRecord[]): Batch {
  return { from: records[0]?.seq ?? 0, to: records.at(-1)?.seq ?? 0 };
}

/** The first existing record of a range, without batches that begin before it. It costs the units of one record or batch. */
export async function firstRecord(
  log: Pick<LogStore, 'read'>,
  channel: string,
  range: Batch,
): Promise<LogRecord | undefined> {
  for await (const record of log.read(channel, { ...range, most: 1, fromBatchStart: true })) return record;
  return undefined;
}

/** The first number of the channel: no lower one was ever given out. */
export function firstOf({ createdAt }: Head): number {
  return createdAt + 1;
}

/** True for a number that has no message and never will. */
export function isVoid(record: LogRecord): record is SealedRecord {
  return 'void' in record;
}

export function isEdit(record: LogRecord): record is EditRecord {
  return !isVoid(record) && record.replaces !== undefined;
}

export function isMessage(record: LogRecord): record is MessageRecord {
  return !isVoid(record);
}

/** Expired records are not served, whether or not they have been deleted yet (PX-8). */
export function isServed(
  { time }: Pick<LogRecord, 'time'>,
  now: number,
  { retentionMs }: Retention,
): boolean {
  return time > now - retentionMs;
}
