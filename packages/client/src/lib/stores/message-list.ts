/** The messages of one channel as rows: each once, in the channel's order, and one's own from the moment of their publish. */

import type { Message } from 'fanfare-protocol/message';
import type { FanfareError } from '../wire/errors.ts';
import { jsonOf } from '../wire/json.ts';

/** A message in a list. */
export interface MessageRow<Data = unknown> {
  /** Stays the same from the publish to the delivery, so it is the `key` of a list in React. */
  readonly key: string;
  /** Messages of others are `sent`. */
  readonly status: 'sending' | 'sent' | 'failed';
  /** What was published. */
  readonly data: Data;
  /** `undefined` while it is being sent, and in channels without history. */
  readonly seq: number | undefined;
  /** The sender's user id, from its token. `undefined` while it is being sent, and for an anonymous sender. */
  readonly from: string | undefined;
  /** When the server accepted it. Milliseconds since 1970. `undefined` while it is being sent. */
  readonly time: number | undefined;
  /** Why it has `failed`. */
  readonly error: FanfareError | undefined;
  /** The `seq` of the newest edit, whose data the row has. `undefined` for a message that was not edited. */
  readonly edited?: number | undefined;
}

/** A row of this client that has not been delivered to it yet. */
interface Own {
  readonly row: MessageRow;
  readonly json: string | undefined;
}

/** An own row that took the place of an arriving message with the same data, until the acknowledgement confirms it. */
interface Guess {
  readonly own: Own;
  readonly seq: number;
}

/** With these failures of a publish, the message may have landed. */
const UNCERTAIN = new Set<string>(['timeout', 'closed']);

/** Edits of messages that are not in the list. An older page has newer data, unless it was read before the edit. Messages. */
const MOST_WAITING = 1_000;

export class MessageList {
  /** By `seq`; without numbers, as they came. */
  readonly #delivered: MessageRow[] = [];
  /** The numbers of messages that were deleted. Their rows are not shown. */
  readonly #deleted = new Set<number>();
  /** The newest edit of each message that is not in the list, by the number of the message. */
  readonly #waiting = new Map<number, Message>();
  #own: Own[] = [];
  readonly #guesses = new Map<string, Guess>();
  #arrivals = 0;

  get rows(): readonly MessageRow[] {
    const shown = this.#delivered.filter(({ seq = -1 }) => !this.#deleted.has(seq));
    return [...shown, ...this.#own.map(({ row }) => row)];
  }

  get oldest(): number | undefined {
    return this.#delivered[0]?.seq;
  }

  get newest(): number | undefined {
    return this.#delivered.at(-1)?.seq;
  }

  /** A publish begins. A key that has failed begins again in its row, and one that was delivered keeps its row. */
  sending(key: string, data: unknown): void {
    if (this.#delivered.some((row) => row.key === key)) return;
    const own: Own = {
      row: {
        key,
        status: 'sending',
        data,
        seq: undefined,
        from: undefined,
        time: undefined,
        error: undefined,
      },
      json: comparable(data),
    };
    const index = this.#own.findIndex(({ row }) => row.key === key);
    if (index < 0) this.#own.push(own);
    else this.#own[index] = own;
  }

  /** Takes a message that was delivered, or read from the history. An edit changes the row of the message that it replaces. */
  received(message: Message): void {
    const { seq, replaces } = message;
    if (replaces !== undefined) return void this.#change(replaces, message, seq);
    if (seq === undefined) return void this.#delivered.push(this.#rowOf(message, this.#takeEqual(message)));
    const index = this.#indexOf(seq);
    const known = this.#delivered[index];
    if (known?.seq === seq) {
      // The acknowledgement came first, which has neither sender nor time.
      const { data, edited } = known;
      const changed = edited === undefined ? {} : { data };
      if (known.time === undefined) this.#delivered[index] = { ...known, ...rowFields(message), ...changed };
      return void this.#change(seq, message, message.edited);
    }
    const own = this.#takeEqual(message);
    if (own) this.#guesses.set(own.row.key, { own, seq });
    this.#delivered.splice(index, 0, this.#rowOf(message, own));
    this.#change(seq, message, message.edited);
    this.#catchUp(seq);
  }

  /** @param version the number of the edit that the data is from; `undefined` for the first data of a message. */
  #change(original: number, message: Message, version = 0): void {
    const index = this.#indexOf(original);
    const row = this.#delivered[index];
    if (row?.seq !== original) return void this.#wait(original, message);
    if (version <= (row.edited ?? 0)) return;
    this.#delivered[index] = { ...row, data: message.data, edited: version };
    if (message.removed) this.#deleted.add(original);
  }

  #wait(original: number, edit: Message): void {
    const { seq = 0 } = this.#waiting.get(original) ?? {};
    if ((edit.seq ?? 0) < seq) return;
    this.#waiting.delete(original);
    this.#waiting.set(original, edit);
    if (this.#waiting.size <= MOST_WAITING) return;
    for (const [oldest] of this.#waiting) return void this.#waiting.delete(oldest);
  }

  /** The message has come whose edit has waited. */
  #catchUp(original: number): void {
    const edit = this.#waiting.get(original);
    this.#waiting.delete(original);
    if (edit) this.#change(original, edit, edit.seq);
  }

  /**
   * The server has stored an own message. The message itself arrives before or after.
   *
   * @param seq `undefined` without history.
   */
  acknowledged(key: string, seq: number | undefined): void {
    const guess = this.#guesses.get(key);
    this.#guesses.delete(key);
    if (guess && (seq === undefined || seq === guess.seq)) return;
    if (guess) this.#giveBack(guess);
    const own = guess?.own ?? this.#own.find(({ row }) => row.key === key);
    if (!own) return;
    const row: MessageRow = { ...own.row, status: 'sent', seq };
    if (seq === undefined) this.#replaceOwn(key, { ...own, row });
    else this.#settle(row, seq);
  }

  /** Moves an own row to its place among the delivered ones. */
  #settle(row: MessageRow, seq: number): void {
    this.discard(row.key);
    const index = this.#indexOf(seq);
    const known = this.#delivered[index];
    if (known?.seq !== seq) {
      this.#delivered.splice(index, 0, row);
      return void this.#catchUp(seq);
    }
    this.#delivered[index] = { ...known, key: row.key };
    // Another own row has taken this message for itself, and waits again for its own.
    const displaced = this.#guesses.get(known.key);
    if (displaced) this.#own.push(displaced.own);
    this.#guesses.delete(known.key);
  }

  /** The publish of an own message has failed. */
  refused(key: string, error: FanfareError): void {
    const guess = this.#guesses.get(key);
    this.#guesses.delete(key);
    if (guess && UNCERTAIN.has(error.code)) return;
    if (guess) {
      this.#giveBack(guess);
      this.#own.push(guess.own);
    }
    const own = this.#own.find((one) => one.row.key === key);
    if (own) this.#replaceOwn(key, { ...own, row: { ...own.row, status: 'failed', error } });
  }

  /** Removes an own row that was not delivered. */
  discard(key: string): void {
    this.#own = this.#own.filter(({ row }) => row.key !== key);
  }

  /** Removes the oldest of more than `most` delivered rows. Returns whether one was removed. */
  trim(most: number): boolean {
    const removed = this.#delivered.splice(0, this.#delivered.length - most);
    for (const { seq = -1 } of removed) this.#deleted.delete(seq);
    return removed.length > 0;
  }

  #replaceOwn(key: string, own: Own): void {
    this.#own = this.#own.map((one) => (one.row.key === key ? own : one));
  }

  /** The index of the row with this number, or where it belongs. It is mostly the end. */
  #indexOf(seq: number): number {
    const before = this.#delivered.findLastIndex((row) => row.seq !== undefined && row.seq < seq);
    return before + 1;
  }

  /**
   * The oldest own row that this message may be. The data decides, because a message does not carry its key; the acknowledgement
   * corrects the guess if another client has sent the same data.
   */
  #takeEqual({ data }: Message): Own | undefined {
    if (this.#own.length === 0) return undefined;
    const json = comparable(data);
    const own = this.#own.find(({ row, json: sent }) => row.status !== 'failed' && sent === json);
    if (own) this.discard(own.row.key);
    return own;
  }

  /** The message was of another client. */
  #giveBack({ seq }: Guess): void {
    const index = this.#indexOf(seq);
    const row = this.#delivered[index];
    if (row?.seq === seq) this.#delivered[index] = { ...row, key: String(seq) };
  }

  #rowOf(message: Message, own: Own | undefined): MessageRow {
    this.#arrivals += 1;
    const key = own?.row.key ?? String(message.seq ?? `arrival ${this.#arrivals}`);
    return { key, status: 'sent', error: undefined, seq: message.seq, ...rowFields(message) };
  }
}

/** The data as text. `undefined` for what no message carries: its publish is refused. */
function comparable(data: unknown): string | undefined {
  try {
    return jsonOf(data);
  } catch {
    return undefined;
  }
}

function rowFields({ data, from, time }: Message): Pick<MessageRow, 'data' | 'from' | 'time'> {
  return { data, from, time };
}
