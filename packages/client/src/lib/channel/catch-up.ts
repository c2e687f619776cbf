/** Fetches the messages that one subscription is missing from history: after a short wait, as most gaps close by themselves, or at once. */

import { HISTORY_LIMIT_MAX } from 'fanfare-protocol/limits';
import type { ConnectionEvents } from '../events/connection-events.ts';
import type { Emitter } from '../events/emitter.ts';
import type { Cancel } from '../platform/clock.ts';
import type { Settings } from '../settings/settings.ts';
import { type CommandResult, isTransientFailure } from '../wire/command-result.ts';
import { FanfareError } from '../wire/errors.ts';
import type { Page, Sequencer } from './sequencer.ts';

/** Concurrent posts to one connection may overtake each other (OR-3), rarely by more than this. Milliseconds. */
const GAP_MS = 500;

/** The parts of a connection that catching up needs. */
export interface CatchUpContext {
  readonly settings: Settings;
  readonly events: Emitter<ConnectionEvents>;
  /** Sends a command on the current socket, or waits for the next one. Never rejects. */
  ask(command: string): Promise<CommandResult>;
}

export interface CatchUpOwner {
  readonly channel: string;
  readonly sequencer: Sequencer;
  page(page: Page): void;
}

export class CatchUp {
  readonly #context: CatchUpContext;
  readonly #owner: CatchUpOwner;
  #cancelStart: Cancel | undefined;
  #isRunning = false;
  #isOver = false;

  constructor(context: CatchUpContext, owner: CatchUpOwner) {
    this.#context = context;
    this.#owner = owner;
  }

  /** Fetches what is still missing after `GAP_MS`. */
  soon(): void {
    if (this.#isOver) return;
    if (this.#owner.sequencer.missingUpTo === undefined) this.#cancel();
    else this.#cancelStart ??= this.#context.settings.clock.after(GAP_MS, () => this.now());
  }

  now(): void {
    this.#cancel();
    if (this.#isRunning || this.#isOver) return;
    this.#isRunning = true;
    void this.#run();
  }

  stop(): void {
    this.#isOver = true;
    this.#cancel();
  }

  #cancel(): void {
    this.#cancelStart?.();
    this.#cancelStart = undefined;
  }

  async #run(): Promise<void> {
    const { settings, events } = this.#context;
    const { channel, sequencer } = this.#owner;
    let failures = 0;
    for (
      let upTo = sequencer.missingUpTo;
      upTo !== undefined && !this.#isOver;
      upTo = sequencer.missingUpTo
    ) {
      const { position: after } = sequencer;
      const command = JSON.stringify({ action: 'history', channel, after, limit: HISTORY_LIMIT_MAX });
      const result = await this.#context.ask(command);
      if (this.#isOver) return;
      if (!isTransientFailure(result)) {
        if (result instanceof FanfareError) events.emit('error', result);
        // If history is refused for good, the empty page makes the sequencer report what is missing as lost.
        this.#owner.page({ messages: [], more: false, ...result, upTo });
      }
      failures = sequencer.position === after ? failures + 1 : 0;
      if (failures > 0) await settings.clock.pause(settings.retryMs(failures - 1, result));
    }
    this.#isRunning = false;
  }
}
