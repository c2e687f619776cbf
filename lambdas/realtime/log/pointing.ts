/**
 * Points the keys of a publish at its numbers, before its messages are written there.
 *
 * A message is only written where the row of its key points, and only by the publish to which the head gave that number. A row leaves
 * a number only if that number is void, which it stays for ever, or after ten minutes. So each key lands once, also if a function dies
 * between any two steps, and no transaction is needed, which would cost twice as much.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import { visitInFlight } from '../in-flight.ts';
import type { ChannelLog } from './channel-log.ts';
import type { LogDraft } from './log-draft.ts';
import {
  type Batch,
  isVoid,
  type LogRecord,
  type MessageRecord,
  type Pointer,
  type SealedRecord,
} from './log-store.ts';
import { sealBatch, settled } from './sealing.ts';
import type { SenderKey } from './sender.ts';

/** A message to write; its key makes writing it again harmless. */
export interface Entry {
  readonly record: MessageRecord;
  readonly key?: SenderKey;
}

/** Requests of one publish at the same time. */
const POINTINGS_IN_FLIGHT = 16;

/** A key is pointed again when another publish was faster; this many times is trouble. */
const MAX_ATTEMPTS = 8;

/** The keys of one publish. It remembers what it has learned over all attempts of that publish. */
export class KeyRows {
  readonly #log: ChannelLog;
  /** By first number. A batch that is decided stays so. */
  readonly #decided = new Map<number, Promise<readonly LogRecord[]>>();
  readonly #voidBatches = new Set<number>();
  readonly #left = new Map<number, readonly SealedRecord[]>();

  constructor(log: ChannelLog) {
    this.#log = log;
  }

  /** The void numbers of publishes that died, whose keys this publish has pointed elsewhere. */
  get untold(): readonly SealedRecord[] {
    return [...this.#left.values()].flat();
  }

  /** Notes that this publish has given up a batch of its own. */
  giveUp({ from }: Batch): void {
    this.#voidBatches.add(from);
  }

  /**
   * Points each key at the number of its entry.
   *
   * The first key, in an order that all publishes share, comes before the others. Of several publishes of the same batch, one then has
   * all keys, and the others wait for it, and not each for another.
   *
   * @returns keys that were written before. If there are any, the entries must not be written.
   * @throws ProtocolError `busy` when other publishes of a key are faster again and again.
   */
  async point(entries: readonly Entry[], batch: Batch): Promise<ReadonlyMap<string, Pointer>> {
    const keyed = entries.flatMap(({ record, key }) => (key ? [{ record, key }] : []));
    const [first, ...others] = keyed.toSorted((one, other) => (one.key.key < other.key.key ? -1 : 1));
    const landed = new Map<string, Pointer>();
    if (!first) return landed;
    const visit = async (entry: Required<Entry>, holdsKeys = true) => {
      const pointer = await this.#pointOne(entry, batch, holdsKeys);
      if (pointer) landed.set(entry.key.key, pointer);
    };
    await visit(first, false);
    const [written] = landed.values();
    if (!written) await visitInFlight(others, POINTINGS_IN_FLIGHT, (entry) => visit(entry));
    else for (const [key, pointer] of await this.#writtenWith(written, others)) landed.set(key, pointer);
    return landed;
  }

  /** Where the keys were written before. */
  async written(keys: readonly SenderKey[]): Promise<ReadonlyMap<string, Pointer>> {
    const { ports, channel } = this.#log;
    const landed = new Map<string, Pointer>();
    for (const [key, pointer] of await ports.channelLog.pointers(channel, keys, ports.now()))
      if (hasMessage(pointer, await this.#decide(pointer.batch))) landed.set(key, pointer);
    return landed;
  }

  async #pointOne(
    { record, key }: Required<Entry>,
    batch: Batch,
    holdsKeys: boolean,
  ): Promise<Pointer | undefined> {
    const { ports, channel } = this.#log;
    const { seq, time } = record;
    let dead: { readonly batch: Batch; readonly records: readonly LogRecord[] } | undefined;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const voidBatches = [...this.#voidBatches];
      const pointer = await ports.channelLog.point(channel, { key, seq, batch, time, voidBatches });
      if (!pointer) {
        if (dead) this.#left.set(dead.batch.from, dead.records.filter(isVoid));
        return undefined;
      }
      if (holdsKeys) await this.#yieldTo(pointer.batch, batch, time);
      const records = await this.#decide(pointer.batch);
      if (hasMessage(pointer, records)) return pointer;
      this.#voidBatches.add(pointer.batch.from);
      dead = { batch: pointer.batch, records };
    }
    throw new ProtocolError('busy', 'The channel is too busy; send the message again.');
  }

  /**
   * Two publishes that have a key each, of which the other one wants it, would wait for each other, and then seal each other's numbers.
   * So the one with the higher numbers seals its own before it waits. Its write then fails, and it begins again.
   */
  async #yieldTo(other: Batch, own: Batch, time: number): Promise<void> {
    if (other.from > own.from || this.#decided.has(own.from)) return;
    const given = sealBatch(this.#log, own, time);
    this.#decided.set(own.from, given);
    await given;
  }

  #decide(batch: Batch): Promise<readonly LogRecord[]> {
    const decided = this.#decided.get(batch.from) ?? settled(this.#log, batch);
    this.#decided.set(batch.from, decided);
    return decided;
  }

  /** Those entries whose keys point into the same batch, which is written. A read costs a fifth of a write that fails. */
  async #writtenWith(
    { batch }: Pointer,
    entries: readonly Required<Entry>[],
  ): Promise<(readonly [string, Pointer])[]> {
    const { ports, channel } = this.#log;
    const keys = entries.map(({ key }) => key);
    const pointers = await ports.channelLog.pointers(channel, keys, ports.now());
    return [...pointers].filter(([, pointer]) => pointer.batch.from === batch.from);
  }
}

function hasMessage({ seq }: Pointer, records: readonly LogRecord[]): boolean {
  return records.some((record) => record.seq === seq && !isVoid(record));
}

/** Without drafts whose key was written before, or stands earlier in the same list. */
export function notLanded(drafts: readonly LogDraft[], landed: ReadonlyMap<string, Pointer>): LogDraft[] {
  const seen = new Set(landed.keys());
  return drafts.filter(({ key }) => {
    if (key === undefined) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
