/**
 * Makes the subscriptions of one socket equal to those that the application wants, one frame at a time.
 *
 * API Gateway may run two frames of one connection at once and finish them in any order (OR-2): an unsubscribe could overtake the
 * subscribe before it. So the next frame waits for the reply, and is then built from the subscriptions that the application
 * wants. On a new socket the same rule sends all subscriptions in one frame.
 */

import { COMMANDS_PER_FRAME } from 'fanfare-protocol/limits';
import type { Settings } from '../settings/settings.ts';
import { type CommandResult, isTransientFailure } from '../wire/command-result.ts';
import { FanfareError } from '../wire/errors.ts';
import { fitting, ID_BYTES } from '../wire/frame-size.ts';
import type { ServerFrame } from '../wire/server-frame.ts';

/** A subscription, as far as a socket has to know it. */
export interface WantedSubscription {
  readonly channel: string;
  /** A subscribe sends its `position` as `after`. */
  readonly sequencer: { readonly position: number | undefined };
  /** The server confirmed a subscribe that was sent with this position. */
  subscribed(frame: ServerFrame, after: number | undefined): void;
  /** Commands that were called behind the subscription may be sent. */
  release(): void;
  /** The server refused it. */
  end(error: FanfareError): void;
}

export interface SyncContext {
  readonly settings: Settings;
  /** The subscriptions that every socket should have. */
  readonly wanted: ReadonlySet<WantedSubscription>;
}

export interface SyncOwner {
  readonly isOpen: boolean;
  ask(commands: readonly string[]): Promise<(CommandResult | undefined)[]>;
  /** The socket has every subscription that is wanted. */
  synced(): void;
}

/** Commands wait for a subscription that was called before them, but for no more attempts than this: half a minute without a reply. */
const ATTEMPTS_WAITED_FOR = 3;

interface Task {
  readonly text: string;
  readonly subscription: WantedSubscription;
  /** The position that a subscribe is sent with. */
  readonly after: number | undefined;
}

export class SubscriptionSync {
  readonly #context: SyncContext;
  readonly #owner: SyncOwner;
  readonly #subscribed = new Set<WantedSubscription>();
  #isRunning = false;
  #failures = 0;

  constructor(context: SyncContext, owner: SyncOwner) {
    this.#context = context;
    this.#owner = owner;
  }

  /** The wanted subscriptions have changed. Changes of the same moment share a frame. */
  sync(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    queueMicrotask(() => void this.#run());
  }

  async #run(): Promise<void> {
    for (let tasks = this.#next(); tasks.length > 0 && this.#owner.isOpen; tasks = this.#next()) {
      const results = await this.#owner.ask(tasks.map(({ text }) => text));
      if (!this.#owner.isOpen) return;
      const waitMs = Math.max(...tasks.map((task, index) => this.#settle(task, results[index])));
      this.#failures = waitMs < 0 ? 0 : this.#failures + 1;
      this.#releaseConfirmed();
      if (waitMs >= 0) await this.#context.settings.clock.pause(waitMs);
    }
    this.#isRunning = false;
    if (this.#owner.isOpen) this.#owner.synced();
  }

  /**
   * Releases subscriptions of earlier frames, too: the loss of another socket may have made commands wait for them again. After too
   * many failures, it releases all.
   */
  #releaseConfirmed(): void {
    const confirmed = this.#failures < ATTEMPTS_WAITED_FOR ? this.#subscribed : this.#context.wanted;
    for (const subscription of confirmed) subscription.release();
  }

  /** The delay before the task is repeated; -1 when it is done. Milliseconds. */
  #settle({ subscription, after }: Task, result: CommandResult | undefined): number {
    const { retryMs } = this.#context.settings;
    const isRefused = result instanceof FanfareError;
    // `rate-limited` without `retryAfter` means too many channels. Time does not help, so this one is final.
    const isFinal = isRefused && result.code === 'rate-limited' && result.retryAfter === undefined;
    if (!result || (isTransientFailure(result) && !isFinal)) return retryMs(this.#failures, result);
    if (this.#subscribed.delete(subscription)) return -1;
    if (isRefused) subscription.end(result);
    else {
      this.#subscribed.add(subscription);
      subscription.subscribed(result, after);
    }
    return -1;
  }

  #next(): Task[] {
    const { wanted } = this.#context;
    const tasks: Task[] = [];
    for (const subscription of this.#subscribed) {
      if (wanted.has(subscription)) continue;
      // An unsubscribe would end the other subscriptions of this channel, too.
      const isShared = [...wanted].some(({ channel }) => channel === subscription.channel);
      if (isShared) this.#subscribed.delete(subscription);
      else tasks.push(task('unsubscribe', subscription));
    }
    for (const subscription of wanted) {
      if (this.#subscribed.has(subscription)) continue;
      tasks.push(task('subscribe', subscription, subscription.sequencer.position));
    }
    return fitting(tasks.slice(0, COMMANDS_PER_FRAME), '[]'.length, ID_BYTES);
  }
}

function task(action: 'subscribe' | 'unsubscribe', subscription: WantedSubscription, after?: number): Task {
  return { text: JSON.stringify({ action, channel: subscription.channel, after }), subscription, after };
}
