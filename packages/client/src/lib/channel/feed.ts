/** One channel of a connection: its handlers share one subscribe and one catch-up, and its commands keep their order. */

import { nothingPlanned } from '../platform/clock.ts';
import type { Pace } from '../settings/pace.ts';
import { type CommandResult, isTransientFailure } from '../wire/command-result.ts';
import { FanfareError } from '../wire/errors.ts';
import type { ChannelRecord, ServerFrame } from '../wire/server-frame.ts';
import type { LiveSubscription } from './live-subscription.ts';
import { Outbox, type OutboxContext } from './outbox.ts';
import { Sequencer, type Step } from './sequencer.ts';

/**
 * Concurrent posts to one connection may overtake each other (OR-3), rarely by more than this. All subscribers see the same gap, so each
 * waits longer by a random time, which grows with their number. Milliseconds.
 */
const GAP_MS = 500;

/** The parts of a connection that a channel needs. */
export interface FeedContext extends OutboxContext {
  report(error: Error, place: string): void;
  readonly pace: Pace;
  /** A handler or a publish of the channel has ended. */
  left(feed: Feed): void;
}

export class Feed {
  declare readonly channel: string;
  declare readonly outbox: Outbox;
  /** Settles when the server has confirmed the subscription; `undefined` if no command has to wait for that. */
  declare hold: Promise<void> | undefined;
  /** Another object whenever a subscribe has to be sent; `undefined` without a handler. */
  declare revision: object | undefined;
  /** Whether the channel is known to keep history. */
  hasHistory = false;
  readonly #context: FeedContext;
  readonly #subscriptions = new Set<LiveSubscription>();
  /** Begins at the least position of the handlers. Each handler skips what it has. */
  sequencer = new Sequencer();
  /** The size of the channel, as the last subscribe told it. */
  #size = 0;
  #isConfirmed = false;
  #endHold = nothingPlanned;
  #isCatchingUp = false;

  constructor(channel: string, context: FeedContext) {
    this.channel = channel;
    this.#context = context;
    this.outbox = new Outbox(this, context);
  }

  get isIdle(): boolean {
    return !this.revision && !this.outbox.waiting[0];
  }

  /**
   * Adds a handler. The server already sends a confirmed channel to this connection, so a handler without a position begins with
   * the next message, and needs no command.
   */
  add(subscription: LiveSubscription, last = 0): void {
    const { position } = subscription;
    if (this.#subscriptions.size === 0) this.sequencer = new Sequencer();
    this.#subscriptions.add(subscription);
    if (position === undefined && !last && this.#isConfirmed) subscription.confirmed(this.sequencer.head);
    else {
      this.sequencer.rewind(position, last);
      this.revision = {};
      this.#unconfirm();
    }
  }

  forget(subscription: LiveSubscription): void {
    this.#subscriptions.delete(subscription);
    if (this.#subscriptions.size === 0) {
      this.revision = undefined;
      this.#isConfirmed = false;
      this.release();
    }
    this.#context.left(this);
  }

  subscribed(frame: ServerFrame, asked: number | undefined): void {
    const { seq } = frame;
    this.#size = frame.size;
    this.#isConfirmed = true;
    this.hasHistory = seq !== undefined;
    const steps = this.sequencer.replay(frame, asked);
    this.each((subscription) => subscription.confirmed(seq));
    this.#deliver(steps, true);
    this.each((subscription) => subscription.endAt(this.sequencer.head));
  }

  /** Takes messages that a socket pushed. `first`: the `seq` of the channel's first message, if the frame names it. */
  received(messages: readonly ChannelRecord[], first?: number): void {
    this.#deliver(this.sequencer.live(messages, first));
  }

  /** The connection was lost. Messages may be missed until it is back. */
  interrupted(): void {
    this.each((subscription) => subscription.interrupted());
    this.#unconfirm();
  }

  /** No message will follow: the server refused the channel, or the connection is closed. */
  end(error?: FanfareError): void {
    this.each((subscription) => subscription.end(error));
  }

  /** The commands that were called behind the subscription may be sent. */
  release(): void {
    this.#endHold();
    this.hold = undefined;
  }

  /** Runs something for each handler that is there now: it may add or remove others. */
  each(run: (subscription: LiveSubscription) => void): void {
    for (const subscription of [...this.#subscriptions])
      if (this.#subscriptions.has(subscription)) run(subscription);
  }

  /** Makes later commands of the channel wait for the server's confirmation: a publish could overtake the subscribe (OR-2). */
  #unconfirm(): void {
    this.#isConfirmed = false;
    if (this.revision)
      this.hold ??= new Promise((resolve) => {
        this.#endHold = resolve;
      });
  }

  #deliver(steps: readonly Step[], isSure?: boolean): void {
    this.each((subscription) => subscription.deliver(steps, this.sequencer));
    void this.#catchUp(isSure);
  }

  /** Whether history has to be fetched. Before the confirmation, the reply to the subscribe may bring what is missing. */
  get #isBehind(): boolean {
    return this.#isConfirmed && this.sequencer.missingUpTo !== undefined;
  }

  /** Fetches what is missing: at once if a reply shows it, and else after a while, as most gaps between live messages close by themselves. */
  async #catchUp(isSure?: boolean): Promise<void> {
    const { settings, pace } = this.#context;
    const { timers: clock, retryMs } = settings;
    if (this.#isCatchingUp || !this.#isBehind) return;
    this.#isCatchingUp = true;
    if (!isSure) await clock.pause(GAP_MS + retryMs(this.#size));
    for (let failures = 0; this.#isBehind; failures += 1) {
      const result = await pace.turn(() => this.#fetch());
      if (isTransientFailure(result)) await clock.pause(retryMs(failures, result));
      else failures = -1;
    }
    this.#isCatchingUp = false;
  }

  /** Fetches one page of history. */
  async #fetch(): Promise<CommandResult | undefined> {
    const { settings, pace } = this.#context;
    const { reached: after = 0, missingUpTo: upTo = 0 } = this.sequencer;
    if (!this.#isBehind) return undefined;
    const sentAt = settings.timers.now();
    const text = JSON.stringify({ action: 'history', channel: this.channel, after, limit: pace.limit });
    const result = await this.#context.ask({ text, repeats: true });
    const isRefused = result instanceof FanfareError;
    pace.measured(settings.timers.now() - sentAt, isRefused ? undefined : result.messages.length);
    // A handler that is before the page would take the numbers in between for lost.
    if (isTransientFailure(result) || Number(this.sequencer.reached) < after) return result;
    if (isRefused) this.#context.report(result, this.channel);
    // If history is refused for good, the empty page makes the sequencer report what is missing as lost.
    this.#deliver(this.sequencer.page(upTo, { messages: [], more: false, ...result }));
    return result;
  }
}
