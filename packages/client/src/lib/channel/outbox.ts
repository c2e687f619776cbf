/**
 * The commands of one channel, in the order of their calls: publishes, one batch at a time until the server acknowledges it, and
 * other commands that wait for a subscription that was called before them.
 *
 * One batch at a time, because API Gateway may run two frames of one connection at once and finish them in any order (OR-2). A
 * batch is repeated unchanged, under the same keys, so it lands once even if it arrives twice.
 */

import { MESSAGES_PER_PUBLISH } from 'fanfare-protocol/limits';
import type { Settings } from '../settings/settings.ts';
import type { Command } from '../wire/command-result.ts';
import { type CommandResult, isTransientFailure } from '../wire/command-result.ts';
import { FanfareError, localError } from '../wire/errors.ts';
import { ID_BYTES } from '../wire/frame-limits.ts';
import { bytesOf, fitting } from '../wire/frame-size.ts';

/** The server remembers a key for ten minutes. A later repetition might land twice, so the client gives up before. Milliseconds. */
const KEY_LIFETIME_MS = 540_000;

export interface Published {
  /**
   * The message's number. Absent if the channel has no history. Servers of version 0.1.0 name only that of the last one of a batch,
   * which publishes of the same moment share.
   */
  readonly seq?: number | undefined;
}

/** The parts of a connection that an outbox needs. */
export interface OutboxContext {
  readonly settings: Settings;
  /** Settles when there is a socket, or when the connection is closed. */
  connected(): Promise<unknown>;
  /** Sends a command on the current socket, or waits for the next one. Never rejects. */
  ask(command: Command): Promise<CommandResult>;
}

/** The channel of an outbox. */
export interface OutboxOwner {
  readonly channel: string;
  /** Settles when the server has confirmed the channel's subscription; `undefined` if no command has to wait for that. */
  readonly hold: Promise<void> | undefined;
  /** Whether the channel is known to keep history. Without history, a repeated publish arrives twice. */
  readonly hasHistory: boolean;
}

interface Entry {
  /** The subscriptions that were called before it. */
  readonly hold: Promise<void> | undefined;
  readonly text: string;
  settle(seq: number | undefined | Promise<never>): void;
}

export class Outbox {
  readonly #owner: OutboxOwner;
  readonly #context: OutboxContext;
  /** The text of the command up to its messages. */
  readonly #head: string;
  readonly waiting: Entry[] = [];
  /** How many publishes share a batch: one, after the server has refused a batch as a whole. */
  #most = MESSAGES_PER_PUBLISH;

  constructor(owner: OutboxOwner, context: OutboxContext) {
    this.#owner = owner;
    this.#context = context;
    this.#head = `{"action":"publish","channel":${JSON.stringify(owner.channel)},"messages":[`;
  }

  /**
   * @param text The message as JSON, with its key.
   * @throws FanfareError the server's refusal, `too-large`, `closed`, or `timeout` when the message may or may not have landed.
   */
  async publish(text: string): Promise<Published> {
    if (!this.#fitting([{ text }])[0]) throw localError('too-large', 413);
    const seq = await new Promise<number | undefined>((settle) => {
      // Publishes of the same moment share a batch.
      if (this.waiting.push({ text, hold: this.#owner.hold, settle }) === 1)
        queueMicrotask(() => this.#run());
    });
    return { seq };
  }

  #fitting<Part extends { readonly text: string }>(parts: readonly Part[]): Part[] {
    const { moreBytes } = this.#context.settings;
    return fitting(parts, ID_BYTES + ']}'.length + bytesOf(this.#head), moreBytes);
  }

  async #run(): Promise<void> {
    while (this.waiting[0]) {
      const batch = this.#nextBatch();
      const result = await this.#send(batch);
      // The server names the message that a rule refuses, and has published none. The others are sent again, under their keys.
      const { index = -1, status } = result;
      if (batch[index]) this.#settle(1, result, index);
      // It refuses a batch as a whole, although one message may be the bad or the large one.
      else if (batch[1] && [400, 413].includes(status)) this.#most = 1;
      else this.#settle(batch.length, result);
    }
    this.#most = MESSAGES_PER_PUBLISH;
  }

  #settle(count: number, result: CommandResult, from = 0): void {
    this.waiting.splice(from, count).forEach(({ settle }, index) => {
      if (result instanceof FanfareError) settle(Promise.reject(result));
      // An older server names the last number only.
      else settle(result.seqs[index] ?? (count - index > 1 ? undefined : result.seq));
    });
  }

  #nextBatch(): Entry[] {
    const most = this.waiting.slice(0, this.#most);
    // A publish that was called behind a later subscription waits for that one, too.
    return this.#fitting(most.filter(({ hold }) => hold === most[0]?.hold));
  }

  /** Repeats a batch until its result is final. */
  async #send(batch: readonly Entry[]): Promise<CommandResult> {
    const { timers: clock, retryMs } = this.#context.settings;
    const command = {
      text: `${this.#head}${batch.map(({ text }) => text)}]}`,
      repeats: this.#owner.hasHistory,
    };
    let age: (() => number) | undefined;
    for (let failures = 0; ; failures += 1) {
      await this.#context.connected();
      // A repetition may go to a newer socket, which has no subscription yet.
      await (failures > 0 ? this.#owner.hold : batch[0]?.hold);
      // The server gets the key for the first time now, also if the batch has waited here for long.
      age ??= clock.stopwatch();
      if (age() > KEY_LIFETIME_MS) return localError('timeout', 408);
      const result = await this.#context.ask(command);
      // A rule of the application failed at one message. It may have a bug, which more repetitions do not mend.
      const isRuleFailing = failures > 1 && Number(result.index) >= 0;
      if (isRuleFailing || !isTransientFailure(result)) return result;
      await clock.pause(retryMs(failures, result));
    }
  }
}
