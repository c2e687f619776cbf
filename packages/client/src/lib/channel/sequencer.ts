/**
 * Puts one channel's messages in order, each once. Pure: what arrives goes in, what to deliver comes out.
 *
 * Live messages, replays and history pages may come in any order and overlap. Whoever drives it asks `history` for what
 * is missing as long as `missingUpTo` answers a position.
 */

import type { Message } from 'fanfare-protocol/message';
import type { ChannelRecord } from '../wire/server-frame.ts';

/** Numbers of messages that are gone for good: `from` and `to` are the first and the last one. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** The next thing to tell the application. */
export type Step = { readonly message: Message } | { readonly lost: Gap };

/** What a `subscribed` reply says, and the position that was asked with. */
export interface Replay {
  readonly after: number | undefined;
  readonly seq: number | undefined;
  readonly first?: number | undefined;
  readonly recovered: boolean;
  readonly messages: readonly ChannelRecord[];
}

/** What a `history` reply says, and the position that had to be reached when it was asked. */
export interface Page {
  readonly upTo: number;
  readonly first?: number | undefined;
  readonly messages: readonly ChannelRecord[];
  readonly more: boolean;
}

/** While something is missing, so many later messages are kept; the ones beyond come from history, too. */
const MOST_KEPT = 1_000;

export class Sequencer {
  /** The last number that was dealt with; `undefined` until the first reply says where the channel is. */
  position: number | undefined;
  /** The last number that is known to exist. */
  #head = -1;
  /** The number that follows position 0: the channel's first, as soon as the server has told it. */
  #first = 1;
  /** The server has told that nothing was published yet. What is missing behind position 0 from then on is lost. */
  #wasEmpty = false;
  readonly #ahead = new Map<number, ChannelRecord>();

  constructor(after: number | undefined) {
    this.position = after;
  }

  /** The position to reach by history; `undefined` when nothing is missing. */
  get missingUpTo(): number | undefined {
    return this.#head > (this.position ?? this.#head) ? this.#head : undefined;
  }

  /** Messages as they are pushed. Without a number, they pass through: the channel has no order. */
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

  replay({ after, seq, first, recovered, messages }: Replay): Step[] {
    const steps: Step[] = [];
    if (seq === undefined) return steps;
    this.#wasEmpty ||= !seq;
    if (this.position === undefined) this.#moveTo(seq);
    // A position that the channel never had leads nowhere. From any other one, history knows what is gone and what is not.
    if (!recovered && after && after === this.position && after > seq) this.#lose(steps, seq);
    this.#head = Math.max(this.#head, seq);
    return this.live(messages, first, steps);
  }

  /** History has no holes: what a page skips does not exist any more. */
  page({ upTo, first = this.#first, messages, more }: Page): Step[] {
    const steps: Step[] = [];
    this.#first = first;
    for (const record of messages) this.#add(record);
    this.#advance(steps);
    const covered = Math.max(messages.at(-1)?.seq ?? 0, more ? 0 : upTo);
    while ((this.position ?? covered) < covered) {
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
    if (seq > (this.position ?? -1)) this.#ahead.set(seq, record);
  }

  #advance(steps: Step[]): void {
    while (this.position !== undefined) {
      const next = this.#next;
      const record = this.#ahead.get(next);
      if (!record) return;
      this.#ahead.delete(next);
      this.position = next;
      if (!record.void) steps.push({ message: record });
    }
  }

  get #next(): number {
    return this.position ? this.position + 1 : this.#first;
  }

  /**
   * Nothing is lost to someone who asked from the very beginning: it begins where it begins. And to those who were there before
   * the first message, it is not lost what is below its number.
   */
  #lose(steps: Step[], to: number): void {
    if (this.position || (this.#wasEmpty && to >= this.#first))
      steps.push({ lost: { from: this.#next, to } });
    this.#moveTo(to);
  }

  #moveTo(position: number): void {
    this.position = position;
    for (const seq of this.#ahead.keys()) if (seq <= position) this.#ahead.delete(seq);
  }
}
