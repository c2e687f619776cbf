/**
 * Makes the channels of one socket equal to those that the application wants.
 *
 * API Gateway may run two frames of one connection at once and finish them in any order (OR-2): an unsubscribe could overtake the
 * subscribe before it. So a channel has one command at a time, and the next one waits for its reply. Channels do not wait for each
 * other: one that fails has its own pause. Commands of the same moment share a frame; on a new socket that is all subscribes.
 */

import { SUBSCRIBES_PER_FRAME } from 'fanfare-protocol/limits';
import { type Pace, SLOW_MS } from '../settings/pace.ts';
import type { Settings } from '../settings/settings.ts';
import type { Command } from '../wire/command-result.ts';
import { type CommandResult, isTransientFailure } from '../wire/command-result.ts';
import { FanfareError } from '../wire/errors.ts';
import { ID_BYTES } from '../wire/frame-limits.ts';
import { fitting } from '../wire/frame-size.ts';
import type { ServerFrame } from '../wire/server-frame.ts';

/** A channel, as far as a socket has to know it. */
interface WantedChannel {
  readonly channel: string;
  /** Another object whenever a subscribe has to be sent; `undefined` without a handler. */
  readonly revision: object | undefined;
  /** What its next subscribe asks for: `newest` messages, or if that is 0, those after the position `reached`. */
  readonly sequencer: { readonly reached: number | undefined; readonly newest: number };
  /** The server has confirmed the subscribe of this revision, which asked for the messages after this position. */
  subscribed(frame: ServerFrame, asked: number | undefined): void;
  /** Commands that were called behind the subscription may be sent. */
  release(): void;
  /** The server refused it. */
  end(error: FanfareError): void;
}

export interface SyncContext {
  readonly settings: Settings;
  readonly pace: Pace;
  /** The channels that every socket should have, if they are wanted. */
  readonly feeds: ReadonlyMap<string, WantedChannel>;
}

export interface SyncOwner {
  readonly isOpen: boolean;
  ask(commands: readonly Command[]): Promise<CommandResult | undefined>[];
  /** The socket has every channel that is wanted. */
  synced(): void;
}

/** What a socket knows about a channel. */
interface State {
  /** The revision of the last subscribe that the server has confirmed. */
  revision?: object | undefined;
  /** A command waits for its reply, or for its repetition. */
  isBusy?: boolean;
  /** How often the command has failed. */
  failures: number;
}

/** A subscribe, or without a `revision` an unsubscribe. */
interface Task extends Command {
  readonly channel: string;
  readonly revision: object | undefined;
  readonly reached: number | undefined;
  readonly state: State;
}

export class SubscriptionSync {
  readonly #context: SyncContext;
  readonly #owner: SyncOwner;
  readonly #states = new Map<string, State>();
  #isPlanned = false;

  constructor(context: SyncContext, owner: SyncOwner) {
    this.#context = context;
    this.#owner = owner;
  }

  /** The wanted channels have changed. Changes of the same moment share a frame. */
  sync(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    queueMicrotask(() => this.#run());
  }

  #run(): void {
    this.#isPlanned = false;
    if (!this.#owner.isOpen) return;
    const channels = new Set([...this.#states.keys(), ...this.#context.feeds.keys()]);
    const tasks = [...channels].flatMap((channel) => this.#task(channel) ?? []);
    while (tasks[0]) {
      const { length } = fitting(tasks.slice(0, SUBSCRIBES_PER_FRAME), '[]'.length, 0, ID_BYTES);
      this.#send(tasks.splice(0, length));
    }
    const states = [...this.#states.values()];
    if (states.every(({ isBusy, failures }) => !isBusy || failures > 0)) this.#owner.synced();
  }

  /** What the channel needs now. */
  #task(channel: string): Task | undefined {
    const { feeds, pace } = this.#context;
    const feed = feeds.get(channel);
    const revision = feed?.revision;
    const state = this.#states.get(channel) ?? { failures: 0 };
    // The loss of another socket may have made commands wait again.
    if (revision && state.revision === revision) feed.release();
    if (state.isBusy || state.revision === revision) return undefined;
    state.isBusy = true;
    this.#states.set(channel, state);
    const { reached, newest } = feed?.sequencer ?? {};
    const action = revision ? 'subscribe' : 'unsubscribe';
    // Joins and leaves of one moment come in one frame. An unsubscribe has the field, too, and the server passes over it.
    const ask = (limit?: number) =>
      JSON.stringify({ action, channel, [newest ? 'last' : 'after']: newest || reached, limit, diffs: true });
    const again = ask(0);
    const text = pace.isSlow ? again : ask();
    // The first reply may still be on its way, with 128 KB. A reply without messages is enough: history brings them.
    return { text, channel, revision, reached, state, repeats: true, again };
  }

  #send(tasks: readonly Task[]): void {
    const replies = this.#owner.ask(tasks);
    const frame = { sentAt: this.#context.settings.timers.now(), waitMs: 0 };
    tasks.forEach((task, index) => void this.#settle(task, replies[index], frame));
  }

  /** @param frame Channels that fail in one frame share a pause, so that one frame repeats them. */
  async #settle(
    { channel, revision, reached, state }: Task,
    reply: Promise<CommandResult | undefined> | undefined,
    frame: { readonly sentAt: number; waitMs: number; pause?: Promise<void> },
  ): Promise<void> {
    const { pace, settings } = this.#context;
    const { timers: clock, retryMs } = settings;
    const result = await reply;
    pace.isSlow ||= clock.now() - frame.sentAt > SLOW_MS;
    if (!result || !this.#owner.isOpen) return;
    const feed = this.#context.feeds.get(channel);
    // `rate-limited` without `retryAfter` means too many channels, and time does not help.
    const isFinal = result.code === 'rate-limited' && result.retryAfter === undefined;
    if (isTransientFailure(result) && !isFinal) {
      state.failures += 1;
      // A channel that fails holds up neither the commands behind its subscription nor the replacement of an old socket.
      feed?.release();
      this.sync();
      frame.waitMs = Math.max(frame.waitMs, retryMs(state.failures - 1, result));
      // The other replies of the frame come first.
      frame.pause ??= Promise.resolve().then(() => clock.pause(frame.waitMs));
      await frame.pause;
    } else {
      state.failures = 0;
      if (!revision) this.#states.delete(channel);
      else if (result instanceof FanfareError) feed?.end(result);
      else {
        state.revision = revision;
        // Otherwise another subscribe follows, and its reply has everything.
        if (feed?.revision === revision) feed.subscribed(result, reached);
      }
    }
    state.isBusy = false;
    this.sync();
  }
}
