/** The log of one channel of the server in virtual time: numbers without holes, keys, and pages that fit into a reply. */

import { MESSAGE_BYTES } from 'fanfare-protocol/limits';

export interface LogRecord {
  readonly seq: number;
  readonly data: unknown;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** What a reply has beside its records, at most. The deployed server counts the same. Bytes. */
const ENVELOPE_BYTES = 1_280;

/** The numbers of a new channel begin behind this one: clients must not expect a 1. */
const CREATED_AT = 1_000;

export class ChannelLog {
  readonly records: LogRecord[] = [];
  readonly #keys = new Map<string, LogRecord>();

  /** The newest number; 0 while there is no message. */
  get head(): number {
    return this.records.at(-1)?.seq ?? 0;
  }

  get first(): number | undefined {
    return this.records[0]?.seq;
  }

  /** Adds one message, or returns the one that landed with the same key. */
  append(data: unknown, time: number, key?: string): { readonly record: LogRecord; readonly isNew: boolean } {
    const known = key === undefined ? undefined : this.#keys.get(key);
    if (known) return { record: known, isNew: false };
    const record = { seq: CREATED_AT + this.records.length + 1, data, time };
    this.records.push(record);
    if (key !== undefined) this.#keys.set(key, record);
    return { record, isNew: true };
  }

  /** Whether a position is one of this log. */
  has(after: number): boolean {
    return after === 0 || (after >= CREATED_AT && after <= Math.max(this.head, CREATED_AT));
  }

  /** All records behind a position. */
  after(position: number): readonly LogRecord[] {
    return this.records.slice(Math.max(0, position - CREATED_AT));
  }

  /** The newest records before a number, or of all. */
  before(seq: number | undefined, limit: number): readonly LogRecord[] {
    const end = seq === undefined ? this.records.length : Math.max(0, seq - CREATED_AT - 1);
    return this.records.slice(Math.max(0, end - limit), end);
  }
}

/** The room that the replies to the commands of one frame share. */
export class ReplyRoom {
  #left: number;

  constructor(commands: number) {
    this.#left = MESSAGE_BYTES - commands * ENVELOPE_BYTES;
  }

  /** The first records that still fit, and whether more would follow. */
  page(records: readonly LogRecord[], limit: number) {
    const messages: LogRecord[] = [];
    for (const record of records.slice(0, limit)) {
      const bytes = Buffer.byteLength(JSON.stringify(record)) + 1;
      if (bytes > this.#left) break;
      this.#left -= bytes;
      messages.push(record);
    }
    return { messages, more: messages.length < records.length };
  }
}
