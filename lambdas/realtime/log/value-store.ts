/** The store of the values of channels: the newest message of each name. Every method is one atomic request. */

import type { Keeping, Retention } from '../access/namespaces.ts';
import type { MessageRecord } from './log-store.ts';

/** The newest message of a name: its value, or its removal. */
export interface ValueRecord extends MessageRecord {
  readonly name: string;
}

/** A message that becomes the newest one of its name. */
export interface Setting {
  readonly record: ValueRecord;
  /** Only if the newest message of the name has this number; `0`: only if the name has no value. */
  readonly ifSeq?: number | undefined;
}

/** How long the messages of a channel, and its values, are kept. */
export interface Kept extends Retention, Keeping {
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type Outcome =
  | { readonly kind: 'written' }
  /** The first number of the messages has a record: a reader has sealed it. */
  | { readonly kind: 'sealed' }
  /** A name has a newer message. A message of it may only be written at a higher number. */
  | { readonly kind: 'overtaken' }
  /** `current`: the value of the name. `seq`: the message whose condition failed. */
  | { readonly kind: 'conflict'; readonly seq: number; readonly current: ValueRecord | undefined };

interface ValuePage {
  /** In the order of their names, by the bytes of UTF-8. Removals and old values may be among them. */
  readonly values: readonly ValueRecord[];
  /** The name behind which the next page begins. */
  readonly next?: string;
}

export interface ValueStore {
  /**
   * Writes the messages of one publish to the log, and makes some of them the newest ones of their names: all or nothing.
   *
   * @param messages at least one, with consecutive numbers. They are written only if their first number has no record.
   * @param settings each name once. A message becomes the newest one only if the name has no newer one, and `ifSeq` holds.
   */
  write(
    channel: string,
    messages: readonly MessageRecord[],
    settings: readonly Setting[],
    kept: Kept,
  ): Promise<Outcome>;
  /** At most this many values behind a name, strongly consistent. No name is empty, so all are behind the empty one. */
  page(channel: string, after: string, most: number): Promise<ValuePage>;
}

export function isNamed(record: MessageRecord): record is ValueRecord {
  return record.name !== undefined;
}

/** The value, if the message is one that is still kept. */
export function keptValueOf(
  newest: ValueRecord | undefined,
  { keptMs, now }: Pick<Kept, 'keptMs' | 'now'>,
): ValueRecord | undefined {
  return newest && !newest.removed && newest.time > now - keptMs ? newest : undefined;
}

/** Why a message cannot become the newest one of its name; `undefined` if it can. */
export function refusalOf(
  newest: ValueRecord | undefined,
  { record, ifSeq }: Setting,
  kept: Pick<Kept, 'keptMs' | 'now'>,
): Exclude<Outcome, { kind: 'written' | 'sealed' }> | undefined {
  const current = keptValueOf(newest, kept);
  const isWanted =
    ifSeq === undefined || (ifSeq === 0 ? !current : (current ?? removal(newest))?.seq === ifSeq);
  if (!isWanted) return { kind: 'conflict', seq: record.seq, current };
  return newest && newest.seq > record.seq ? { kind: 'overtaken' } : undefined;
}

function removal(newest: ValueRecord | undefined): ValueRecord | undefined {
  return newest?.removed ? newest : undefined;
}
