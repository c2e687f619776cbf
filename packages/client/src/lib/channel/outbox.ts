/**
 * One channel's commands in the order of their calls: publishes, which are kept until they are acknowledged, one batch in
 * flight, and whatever waits for a subscription that was called before.
 *
 * One batch, because two frames of one connection may be handled at once and finish in any order (OR-2). A batch is sent
 * again unchanged, under the same keys, so that however often it arrives, it lands once.
 */

import { MESSAGES_PER_PUBLISH } from 'fanfare-protocol/limits';
import type { Hub } from '../hub.ts';
import type { Answer } from '../socket/in-flight.ts';
import { FanfareError, localError } from '../wire/errors.ts';
import { bytesOf, fitting, ID_BYTES } from '../wire/frame-size.ts';
import type { ServerFrame } from '../wire/server-frame.ts';

/** The server knows a key for ten minutes; a repetition after that might land twice, so it is not tried. Milliseconds. */
const KEY_LIFETIME_MS = 540_000;

export interface Published {
  /** Absent where the channel keeps no history, and for all but the last message of a batch. */
  readonly seq?: number;
}

type Outcome = Pick<ServerFrame, 'seq'> | FanfareError;

interface Entry {
  /** What there was to wait for when it was called. */
  readonly hold: Promise<void> | undefined;
  readonly text: string;
  settle(outcome: Outcome): void;
}

export class Outbox {
  /** Settles when every subscription so far has been confirmed on the socket that is there, refused, or ended. */
  hold: Promise<void> | undefined;
  readonly #hub: Hub;
  /** The command but for its messages. */
  readonly #head: string;
  readonly #waiting: Entry[] = [];
  /** So many publishes go one by one, because the batch that they were in was refused as a whole. */
  #alone = 0;

  constructor(channel: string, hub: Hub) {
    this.#hub = hub;
    this.#head = `{"action":"publish","channel":${JSON.stringify(channel)},"messages":[`;
  }

  /** @throws FanfareError what the server says, `too-large`, `closed`, or `timeout` when its fate cannot be known. */
  async publish(data: string, key: string): Promise<Published> {
    const text = `{"data":${data},"key":${JSON.stringify(key)}}`;
    if (this.#fitting([{ text }]).length === 0) throw localError('too-large');
    const answer = await new Promise<Outcome>((settle) => {
      // Publishes of the same moment share a batch.
      if (this.#waiting.push({ text, hold: this.hold, settle }) === 1) queueMicrotask(() => void this.#run());
    });
    if (answer instanceof FanfareError) throw answer;
    return answer.seq === undefined ? {} : { seq: answer.seq };
  }

  #fitting<Part extends { readonly text: string }>(parts: readonly Part[]): Part[] {
    return fitting(parts, bytesOf(this.#head) + ID_BYTES + ']}'.length);
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      const answer = await this.#send(batch);
      // Bad, or too large: a batch is refused as a whole although a single message may be to blame.
      const isBad = answer instanceof FanfareError && [400, 413].includes(answer.status);
      if (isBad && batch.length > 1) this.#alone = batch.length;
      else this.#settle(batch.length, answer);
    }
  }

  /** The reply names the number of the last message only. */
  #settle(count: number, answer: Answer): void {
    this.#waiting.splice(0, count).forEach(({ settle }, index) => {
      const isLast = index === count - 1;
      settle(isLast || answer instanceof FanfareError ? answer : { seq: undefined });
    });
  }

  #nextBatch(): Entry[] {
    const most = this.#waiting.slice(0, this.#alone > 0 ? 1 : MESSAGES_PER_PUBLISH);
    this.#alone -= 1;
    // What was called behind a later subscription has another hold.
    return this.#fitting(most.filter(({ hold }) => hold === most[0]?.hold));
  }

  /** Repeats a batch until there is a final answer. */
  async #send(batch: readonly Entry[]): Promise<Answer> {
    const { clock, retryMs } = this.#hub.settings;
    const command = `${this.#head}${batch.map(({ text }) => text)}]}`;
    let firstSent: number | undefined;
    for (let failures = 0; ; failures += 1) {
      await this.#hub.linked();
      // A repetition may go to a newer socket, which is not subscribed yet.
      await (failures > 0 ? this.hold : batch[0]?.hold);
      // However long it waited before the first sending, its key was unheard of.
      firstSent ??= clock.now();
      if (clock.now() > firstSent + KEY_LIFETIME_MS) return localError('timeout');
      const answer = await this.#hub.ask(command);
      if (!(answer instanceof FanfareError && answer.isRetryable)) return answer;
      await clock.pause(retryMs(failures, answer));
    }
  }
}
