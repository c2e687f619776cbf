/** One handler of a channel. It passes sorted messages to the application, each once. */

import type { Message } from 'fanfare-protocol/message';
import type { ConnectionEvents, Gap } from '../events/connection-events.ts';
import type { Emitter } from '../events/emitter.ts';
import { onAbort } from '../platform/abort.ts';
import { type Cancel, nothingPlanned } from '../platform/clock.ts';
import { type FanfareError, localError } from '../wire/errors.ts';
import type { ServerFrame } from '../wire/server-frame.ts';
import type { Sequencer, Step } from './sequencer.ts';
import type { MessageHandler, SubscribeOptions, Subscription } from './subscription.ts';

/** The channel of a subscription. */
interface SubscriptionOwner {
  readonly channel: string;
  forget(subscription: LiveSubscription): void;
}

interface SubscriptionEvents extends Emitter<ConnectionEvents> {
  report(error: Error, place: string, onEnd: unknown): void;
}

export class LiveSubscription implements Subscription {
  declare readonly channel: string;
  declare readonly ready: Promise<void>;
  /** The last `seq` delivered. While a handler runs, the sequencer is already ahead of it. */
  declare position: number | undefined;
  readonly #handler: MessageHandler;
  readonly #options: SubscribeOptions;
  readonly #owner: SubscriptionOwner;
  readonly #events: SubscriptionEvents;
  readonly #stopListening: Cancel;
  readonly unsubscribe = (): void => this.end();
  #settleReady: (error?: FanfareError) => void = nothingPlanned;
  #isInterrupted: boolean;
  #isRecovering = false;
  #isOver = false;

  constructor(
    owner: SubscriptionOwner,
    handler: MessageHandler,
    options: SubscribeOptions,
    events: SubscriptionEvents,
  ) {
    const { after, signal } = options;
    this.channel = owner.channel;
    this.#owner = owner;
    this.#handler = handler;
    this.#options = options;
    this.#events = events;
    this.position = after;
    this.#isInterrupted = after !== undefined;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = (error) => (error ? reject(error) : resolve());
    });
    // An application that does not wait for `ready` learns of the failure from the event `error`.
    this.ready.catch(nothingPlanned);
    this.#stopListening = onAbort(signal, this.unsubscribe);
  }

  /** A frame of the channel that brings no messages. */
  heard(frame: ServerFrame): void {
    this.#options.onFrame?.(frame, (run) => this.#events.guarded(() => this.#isOver || run()));
  }

  /** The server has confirmed the subscription. `seq`: the last message that it has; `undefined` without history. */
  confirmed(seq: number | undefined): void {
    this.#isRecovering = this.#isInterrupted && this.position !== undefined && seq !== undefined;
    this.#isInterrupted = false;
    this.position ??= seq && seq - (this.#options.last ?? 0);
    this.#settleReady();
  }

  /** No message behind `head` exists. A position there is of another channel, which had this name before. */
  endAt(head: number | undefined): void {
    const from = Number(this.position) + 1;
    if (from > Number(head) + 1) this.#lose({ from, to: Number(head) });
  }

  /** The connection was lost. Messages may be missed until it is back. */
  interrupted(): void {
    this.#isInterrupted = true;
  }

  end(error?: FanfareError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#settleReady(error ?? localError('closed', 499));
    this.#stopListening();
    this.#owner.forget(this);
    const { onEnd } = this.#options;
    if (error) this.#events.report(error, this.channel, onEnd);
    this.#events.guarded(() => onEnd?.(error));
  }

  /** Takes what follows in the channel. The sequencer is already behind it. */
  deliver(steps: readonly Step[], sequencer: Sequencer): void {
    for (const step of steps) {
      if (this.#isOver) return;
      if ('lost' in step) this.#lose(step.lost);
      else this.#show(step.message);
    }
    if (this.#isOver) return;
    // `NaN` is never smaller: a handler without a position gets its first one with a message, or with the confirmation.
    const position = Number(sequencer.reached);
    if (Number(this.position) < position) this.position = position;
    if (!this.#isRecovering || sequencer.missingUpTo !== undefined) return;
    this.#isRecovering = false;
    this.#events.guarded(() => this.#options.onRecovered?.());
  }

  #show(message: Message): void {
    const seq = Number(message.seq);
    // Another handler of the channel began at an earlier position.
    if (seq <= Number(this.position)) return;
    this.position = message.seq ?? this.position;
    this.#events.guarded(() => this.#handler(message));
  }

  #lose(gap: Gap): void {
    const { from, to } = gap;
    // A gap that ends before it begins: the channel has never had the position.
    if (from <= to && to <= Number(this.position)) return;
    this.position = to;
    this.#isRecovering = false;
    this.#events.emit('lost', { channel: this.channel, ...gap });
    this.#events.guarded(() => this.#options.onLost?.(gap));
  }
}
