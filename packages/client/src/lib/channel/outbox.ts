/**
 * The commands of one channel, in the order of their calls: publishes, one batch at a time until the server acknowledges it, and
 * other commands that wait for a subscription that was called before them.
 *
 * One batch at a time, because API Gateway may run two frames of one connection at once and finish them in any order (OR-2). A
 * batch is repeated unchanged, under the same keys, so it lands once even if it arrives twice.
 */

import { MESSAGES_PER_PUBLISH } from 'fanfare-protocol/limits';
import type { Settings } from '../settings/settings.ts';
import { type CommandResult, isTransientFailure } from '../wire/command-result.ts';
import { FanfareError, localError } from '../wire/errors.ts';
import { bytesOf, fitting, ID_BYTES } from '../wire/frame-size.ts';
import { jsonOf } from '../wire/json.ts';
import type { ServerFrame } from '../wire/server-frame.ts';

/** The server remembers a key for ten minutes. A later repetition might land twice, so the client gives up before. Milliseconds. */
const KEY_LIFETIME_MS = 540_000;

export interface Published {
  /** The message's number. Absent if the channel has no history, and for all but the last message of a batch. */
  readonly seq?: number;
}

/** The parts of a connection that an outbox needs. */
export interface OutboxContext {
  readonly settings: Settings;
  /** Settles when there is a socket, or when the connection is closed. */
  connected(): Promise<void>;
  /** Sends a command on the current socket, or waits for the next one. Never rejects. */
  ask(command: string): Promise<CommandResult>;
}

type PublishResult = Pick<ServerFrame, 'seq'> | FanfareError;

interface Entry {
  /** The subscriptions that were called before it. */
  readonly hold: Promise<void> | undefined;
  readonly text: string;
  settle(result: PublishResult): void;
}

export class Outbox {
  /** Settles when each subscription called so far is confirmed on the current socket, refused, or ended. */
  hold: Promise<void> | undefined;
  readonly #context: OutboxContext;
  /** The text of the command up to its messages. */
  readonly #head: string;
  readonly #waiting: Entry[] = [];
  /** How many publishes are still to be sent one by one, because the server refused their batch as a whole. */
  #alone = 0;

  constructor(channel: string, context: OutboxContext) {
    this.#context = context;
    this.#head = `{"action":"publish","channel":${JSON.stringify(channel)},"messages":[`;
  }

  /** @throws FanfareError the server's refusal, `too-large`, `closed`, or `timeout` when the message may or may not have landed. */
  async publish(data: string, key: string): Promise<Published> {
    const text = `{"data":${data},"key":${jsonOf(key)}}`;
    if (this.#fitting([{ text }]).length === 0) throw localError('too-large');
    const result = await new Promise<PublishResult>((settle) => {
      // Publishes of the same moment share a batch.
      if (this.#waiting.push({ text, hold: this.hold, settle }) === 1) queueMicrotask(() => void this.#run());
    });
    if (result instanceof FanfareError) throw result;
    return result.seq === undefined ? {} : { seq: result.seq };
  }

  #fitting<Part extends { readonly text: string }>(parts: readonly Part[]): Part[] {
    return fitting(parts, bytesOf(this.#head) + ID_BYTES + ']}'.length);
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      const result = await this.#send(batch);
      // The server refuses a batch as a whole, although one message may be the bad or the large one.
      const isBad = result instanceof FanfareError && [400, 413].includes(result.status);
      if (isBad && batch.length > 1) this.#alone = batch.length;
      else this.#settle(batch.length, result);
    }
  }

  /** The reply has the `seq` of the last message only. */
  #settle(count: number, result: CommandResult): void {
    this.#waiting.splice(0, count).forEach(({ settle }, index) => {
      const isLast = index === count - 1;
      settle(isLast || result instanceof FanfareError ? result : { seq: undefined });
    });
  }

  #nextBatch(): Entry[] {
    const most = this.#waiting.slice(0, this.#alone > 0 ? 1 : MESSAGES_PER_PUBLISH);
    this.#alone -= 1;
    // A publish that was called behind a later subscription waits for that one, too.
    return this.#fitting(most.filter(({ hold }) => hold === most[0]?.hold));
  }

  /** Repeats a batch until its result is final. */
  async #send(batch: readonly Entry[]): Promise<CommandResult> {
    const { clock, retryMs } = this.#context.settings;
    const command = `${this.#head}${batch.map(({ text }) => text)}]}`;
    let firstSent: number | undefined;
    for (let failures = 0; ; failures += 1) {
      await this.#context.connected();
      // A repetition may go to a newer socket, which has no subscription yet.
      await (failures > 0 ? this.hold : batch[0]?.hold);
      // The server gets the key for the first time now, also if the batch has waited here for long.
      firstSent ??= clock.now();
      if (clock.now() > firstSent + KEY_LIFETIME_MS) return localError('timeout');
      const result = await this.#context.ask(command);
      if (!isTransientFailure(result)) return result;
      await clock.pause(retryMs(failures, result));
    }
  }
}
