/** One subscription. It passes arriving frames to its sequencer, and sorted messages to the application. */

import type { Gap } from '../events/connection-events.ts';
import { type FanfareError, localError } from '../wire/errors.ts';
import type { ChannelRecord, Member, ServerFrame } from '../wire/server-frame.ts';
import { CatchUp, type CatchUpContext } from './catch-up.ts';
import { type Page, Sequencer, type Step } from './sequencer.ts';
import type { MessageHandler, SubscribeOptions, Subscription } from './subscription.ts';

/** The parts of a connection that a subscription needs. */
export interface SubscriptionContext extends CatchUpContext {
  /** The commands of a channel that are called later; they wait for `hold`. */
  outbox(channel: string): { hold: Promise<void> | undefined };
  /** The subscription has ended. */
  forget(subscription: LiveSubscription): void;
}

export class LiveSubscription implements Subscription {
  readonly channel: string;
  readonly ready: Promise<void>;
  /** The last `seq` delivered. While a handler runs, the sequencer is already ahead of it. */
  position: number | undefined;
  readonly sequencer: Sequencer;
  readonly #handler: MessageHandler;
  readonly #options: SubscribeOptions;
  readonly #context: SubscriptionContext;
  readonly #catchUp: CatchUp;
  #settleReady: (error?: FanfareError) => void = () => {};
  #isInterrupted: boolean;
  /** Releases the commands that wait for the server to confirm this subscription; `undefined` if no command waits. */
  #confirm: (() => void) | undefined;
  #isRecovering = false;
  #isOver = false;

  constructor(
    channel: string,
    handler: MessageHandler,
    options: SubscribeOptions,
    context: SubscriptionContext,
  ) {
    const { after, signal } = options;
    this.channel = channel;
    this.#handler = handler;
    this.#options = options;
    this.#context = context;
    this.position = after;
    this.#isInterrupted = after !== undefined;
    this.sequencer = new Sequencer(after);
    this.#catchUp = new CatchUp(context, this);
    this.#hold();
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = (error) => (error ? reject(error) : resolve());
    });
    // An application that does not wait for `ready` learns of the failure from the event `error`.
    this.ready.catch(() => {});
    signal?.addEventListener('abort', this.unsubscribe);
  }

  readonly unsubscribe = (): void => this.end();

  /** Takes messages that a socket pushed. `first`: the `seq` of the channel's first message, if the frame names it. */
  received(messages: readonly ChannelRecord[], first?: number): void {
    this.#deliver(this.sequencer.live(messages, first));
  }

  /** Takes a page of history. */
  page(page: Page): void {
    this.#deliver(this.sequencer.page(page));
  }

  presence(event: string, members: readonly Member[]): void {
    const { onJoined, onLeft } = this.#options;
    const listener = event === 'joined' ? onJoined : event === 'left' ? onLeft : undefined;
    for (const member of members) this.#context.events.guard(() => this.#isOver || listener?.(member));
  }

  /** Takes the reply to a subscribe that was sent with the position `after`. */
  subscribed(frame: ServerFrame, after: number | undefined): void {
    if (this.#isOver) return;
    this.#isRecovering = this.#isInterrupted && frame.recovered;
    this.#isInterrupted = false;
    this.#deliver(this.sequencer.replay({ ...frame, after }));
    this.#settleReady();
    if (frame.more) this.#catchUp.now();
  }

  /** The connection was lost. Messages may be missed until it is back. */
  interrupted(): void {
    this.#isInterrupted = true;
    this.#hold();
  }

  /** The commands that were called behind this subscription may be sent. */
  release(): void {
    this.#confirm?.();
    this.#confirm = undefined;
  }

  /** Makes later commands of the channel wait for the server's confirmation: a publish could overtake the subscribe (OR-2). */
  #hold(): void {
    if (this.#confirm) return;
    const outbox = this.#context.outbox(this.channel);
    const { hold } = outbox;
    outbox.hold = new Promise<void>((resolve) => {
      this.#confirm = resolve;
    }).then(() => hold);
  }

  end(error?: FanfareError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.release();
    this.#catchUp.stop();
    this.#settleReady(error ?? localError('closed'));
    this.#options.signal?.removeEventListener('abort', this.unsubscribe);
    this.#context.forget(this);
    if (error) this.#context.events.emit('error', error);
    this.#context.events.guard(() => this.#options.onEnd?.(error));
  }

  #deliver(steps: readonly Step[]): void {
    for (const step of steps) {
      if (this.#isOver) return;
      if ('lost' in step) this.#lose(step.lost);
      else {
        this.position = step.message.seq ?? this.position;
        this.#context.events.guard(() => this.#handler(step.message));
      }
    }
    if (this.#isOver) return;
    this.position = this.sequencer.position;
    this.#catchUp.soon();
    if (!this.#isRecovering || this.sequencer.missingUpTo !== undefined) return;
    this.#isRecovering = false;
    this.#context.events.guard(() => this.#options.onRecovered?.());
  }

  #lose(gap: Gap): void {
    this.position = gap.to;
    this.#isRecovering = false;
    this.#context.events.emit('lost', { channel: this.channel, ...gap });
    this.#context.events.guard(() => this.#options.onLost?.(gap));
  }
}
