/** One subscription: feeds its sequencer with what arrives, and delivers what is due. */

import type { Hub } from '../hub.ts';
import { type FanfareError, localError } from '../wire/errors.ts';
import type { ChannelRecord, Member, ServerFrame } from '../wire/server-frame.ts';
import { CatchUp } from './catch-up.ts';
import { type Gap, type Page, Sequencer, type Step } from './sequencer.ts';
import type { MessageHandler, SubscribeOptions, Subscription } from './subscription.ts';

export class Follower implements Subscription {
  readonly channel: string;
  readonly ready: Promise<void>;
  /** The last number delivered, which is behind the sequencer while a handler runs. */
  position: number | undefined;
  readonly sequencer: Sequencer;
  readonly #handler: MessageHandler;
  readonly #options: SubscribeOptions;
  readonly #hub: Hub;
  readonly #catchUp: CatchUp;
  #settleReady: (error?: FanfareError) => void = () => {};
  #isInterrupted: boolean;
  /** Lets go what waits for the server's confirmation; `undefined` when nothing waits. */
  #confirm: (() => void) | undefined;
  #isRecovering = false;
  #isOver = false;

  constructor(channel: string, handler: MessageHandler, options: SubscribeOptions, hub: Hub) {
    const { after, signal } = options;
    this.channel = channel;
    this.#handler = handler;
    this.#options = options;
    this.#hub = hub;
    this.position = after;
    this.#isInterrupted = after !== undefined;
    this.sequencer = new Sequencer(after);
    this.#catchUp = new CatchUp(hub, this);
    this.#hold();
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = (error) => (error ? reject(error) : resolve());
    });
    // A program that does not wait for it is told by an `error` event.
    this.ready.catch(() => {});
    signal?.addEventListener('abort', this.unsubscribe);
  }

  readonly unsubscribe = (): void => this.end();

  /** What a socket pushed. */
  received(messages: readonly ChannelRecord[], first?: number): void {
    this.#deliver(this.sequencer.live(messages, first));
  }

  /** What history answered. */
  page(page: Page): void {
    this.#deliver(this.sequencer.page(page));
  }

  presence(event: string, members: readonly Member[]): void {
    const { onJoined, onLeft } = this.#options;
    const listener = event === 'joined' ? onJoined : event === 'left' ? onLeft : undefined;
    for (const member of members) this.#hub.events.guard(() => listener?.(member));
  }

  /** The reply of a new or a renewed subscription that was asked with this position. */
  subscribed(frame: ServerFrame, after: number | undefined): void {
    if (this.#isOver) return;
    this.#isRecovering = this.#isInterrupted && frame.recovered;
    this.#isInterrupted = false;
    this.#deliver(this.sequencer.replay({ ...frame, after }));
    this.#settleReady();
    if (frame.more) this.#catchUp.now();
  }

  /** The connection was lost: from here on messages may be missed until it is back. */
  interrupted(): void {
    this.#isInterrupted = true;
    this.#hold();
  }

  /** What was called behind it need not wait any more. */
  release(): void {
    this.#confirm?.();
    this.#confirm = undefined;
  }

  /** Lets what is called behind it wait for the server: a publish could overtake the subscribe otherwise (OR-2). */
  #hold(): void {
    if (this.#confirm) return;
    const outbox = this.#hub.outbox(this.channel);
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
    this.#hub.forget(this);
    if (error) this.#hub.events.emit('error', error);
    this.#hub.events.guard(() => this.#options.onEnd?.(error));
  }

  #deliver(steps: readonly Step[]): void {
    for (const step of steps) {
      if (this.#isOver) return;
      if ('lost' in step) this.#lose(step.lost);
      else {
        this.position = step.message.seq ?? this.position;
        this.#hub.events.guard(() => this.#handler(step.message));
      }
    }
    if (this.#isOver) return;
    this.position = this.sequencer.position;
    this.#catchUp.soon();
    if (!this.#isRecovering || this.sequencer.missingUpTo !== undefined) return;
    this.#isRecovering = false;
    this.#hub.events.guard(() => this.#options.onRecovered?.());
  }

  #lose(gap: Gap): void {
    this.position = gap.to;
    this.#isRecovering = false;
    this.#hub.events.emit('lost', { channel: this.channel, ...gap });
    this.#hub.events.guard(() => this.#options.onLost?.(gap));
  }
}
