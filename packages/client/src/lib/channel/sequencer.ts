/**
 * Puts one channel's messages in order, each once. Pure: frames go in, and messages to deliver come out.
 *
 * Live messages, replays and history pages may come in any order and overlap. While `missingUpTo` is a position, the owner has to
 * ask `history` for the missing messages.
 */

import type { Message } from 'fanfare-protocol/message';
import type { Gap } from '../events/connection-events.ts';
import type { ChannelRecord } from '../wire/server-frame.ts';

/** The next report to the application. */
export type Step = { readonly message: Message } | { readonly lost: Gap };

/** The fields of a `subscribed` reply. `after`: the position before the newest messages, if the subscribe asked for these. */
export interface Replay {
  readonly after?: number | undefined;
  readonly seq: number | undefined;
  readonly first?: number | undefined;
  readonly messages: readonly ChannelRecord[];
}

/** The fields of a `history` reply. */
export interface Page {
  readonly first?: number | undefined;
  readonly messages: readonly ChannelRecord[];
  readonly more: boolean;
}

/** While a message is missing, the sequencer keeps this many later ones. It fetches the others from history again. Messages. */
const MOST_KEPT = 1_000;

export class Sequencer {
  /** The last `seq` that was delivered, lost or void; `undefined` until the first reply names the channel's head. */
  declare reached: number | undefined;
  /** How many of the newest messages a handler waits for, until a reply names the position before them. */
  newest = 0;
  /** The greatest `seq` that is known to exist; -1 if no message exists. */
  #head = -1;
  /** The `seq` behind position 0. It is that of the channel's first message, once the server has named it. */
  #first = 1;
  /** The server said that the channel was still empty. From then on, missing messages behind position 0 are lost. */
  #wasEmpty = false;
  readonly #ahead = new Map<number, ChannelRecord>();

  constructor(after?: number) {
    this.reached = after;
  }

  /** Goes back to a position, if that is before this one, and waits for the newest messages. The server refuses a negative `last`. */
  rewind(position: number | undefined, last = 0): void {
    this.newest = Math.max(this.newest, last) || last;
    if (position !== undefined) this.#moveTo(Math.min(position, this.reached ?? position));
  }

  /** The position to reach by history; `undefined` when nothing is missing. */
  get missingUpTo(): number | undefined {
    return this.#head > (this.reached ?? this.#head) ? this.#head : undefined;
  }

  /** The greatest `seq` that is known to exist; `undefined` without history. */
  get head(): number | undefined {
    return this.#head < 0 ? undefined : this.#head;
  }

  /** Takes pushed messages. Those without a `seq` pass through: the channel has no order. */
  live(messages: readonly ChannelRecord[], first = this.#first, steps: Step[] = []): Step[] {
    this.#first = first;
    this.#advance(steps);
    for (const record of messages) {
      this.#keep(record);
      this.#advance(steps);
      if (record.seq === undefined) steps.push({ message: record });
    }
    return steps;
  }

  /** @param asked the position after which the subscribe asked for messages. */
  replay({ after, seq, first, messages }: Replay, asked: number | undefined): Step[] {
    const steps: Step[] = [];
    this.newest = 0;
    this.rewind(after);
    if (seq === undefined) return steps;
    this.#wasEmpty ||= !seq;
    if (this.reached === undefined) this.#moveTo(seq);
    // A position ahead of the head never existed in this channel. From every other position, history shows which messages are
    // lost.
    if (asked && asked === this.reached && asked > seq) {
      this.#lose(steps, seq);
      // The numbers that the client knew are those of a channel that the server has forgotten.
      this.#head = seq;
    }
    this.#head = Math.max(this.#head, seq);
    return this.live(messages, first, steps);
  }

  /**
   * Takes a page of history. History has no holes: messages that a page skips were deleted.
   *
   * @param upTo The value of `missingUpTo` when the page was asked for.
   */
  page(upTo: number, { first = this.#first, messages, more }: Page): Step[] {
    const steps: Step[] = [];
    this.#first = first;
    for (const record of messages) this.#add(record);
    this.#advance(steps);
    // A page without messages would never end.
    const covered = (more && messages.at(-1)?.seq) || upTo;
    while ((this.reached ?? covered) < covered) {
      const next = Math.min(covered + 1, ...this.#ahead.keys());
      this.#lose(steps, next - 1);
      this.#advance(steps);
    }
    return steps;
  }

  #keep(record: ChannelRecord): void {
    const { seq = -1 } = record;
    this.#head = Math.max(this.#head, seq);
    if (this.#ahead.size < MOST_KEPT || seq === this.#next) this.#add(record);
  }

  #add(record: ChannelRecord): void {
    const { seq = -1 } = record;
    if (seq > (this.reached ?? -1)) this.#ahead.set(seq, record);
  }

  #advance(steps: Step[]): void {
    while (this.reached !== undefined) {
      const next = this.#next;
      const record = this.#ahead.get(next);
      if (!record) return;
      this.#ahead.delete(next);
      this.reached = next;
      if (!record.void) steps.push({ message: record });
    }
  }

  get #next(): number {
    return this.reached ? this.reached + 1 : this.#first;
  }

  /**
   * Moves on to `to`, and reports the gap. Position 0 is an exception: it means "from the oldest message kept", so nothing before
   * that one is lost. If the channel was empty at position 0, only numbers from its first message on can be lost.
   */
  #lose(steps: Step[], to: number): void {
    if (this.reached || (this.#wasEmpty && to >= this.#first)) steps.push({ lost: { from: this.#next, to } });
    this.#moveTo(to);
  }

  #moveTo(position: number): void {
    this.reached = position;
    for (const seq of this.#ahead.keys()) if (seq <= position) this.#ahead.delete(seq);
  }
}
