/** Fetches from history what one subscription is missing: soon, as most holes close by themselves, or at once. */

import { HISTORY_LIMIT_MAX } from 'fanfare-protocol/limits';
import type { Hub } from '../hub.ts';
import type { Cancel } from '../platform/clock.ts';
import { FanfareError } from '../wire/errors.ts';
import type { Page, Sequencer } from './sequencer.ts';

/** Concurrent posts to one connection may overtake each other (OR-3), seldom by more than this. Milliseconds. */
const GAP_MS = 500;

export interface CatchUpOwner {
  readonly channel: string;
  readonly sequencer: Sequencer;
  page(page: Page): void;
}

export class CatchUp {
  readonly #hub: Hub;
  readonly #owner: CatchUpOwner;
  #cancelStart: Cancel | undefined;
  #isRunning = false;
  #isOver = false;

  constructor(hub: Hub, owner: CatchUpOwner) {
    this.#hub = hub;
    this.#owner = owner;
  }

  /** Whatever is still missing in a moment is fetched then. */
  soon(): void {
    if (this.#isOver) return;
    if (this.#owner.sequencer.missingUpTo === undefined) this.#callOff();
    else this.#cancelStart ??= this.#hub.settings.clock.after(GAP_MS, () => this.now());
  }

  now(): void {
    this.#callOff();
    if (this.#isRunning || this.#isOver) return;
    this.#isRunning = true;
    void this.#run();
  }

  stop(): void {
    this.#isOver = true;
    this.#callOff();
  }

  #callOff(): void {
    this.#cancelStart?.();
    this.#cancelStart = undefined;
  }

  async #run(): Promise<void> {
    const { settings, events } = this.#hub;
    const { channel, sequencer } = this.#owner;
    let failures = 0;
    for (
      let upTo = sequencer.missingUpTo;
      upTo !== undefined && !this.#isOver;
      upTo = sequencer.missingUpTo
    ) {
      const { position: after } = sequencer;
      const command = JSON.stringify({ action: 'history', channel, after, limit: HISTORY_LIMIT_MAX });
      const answer = await this.#hub.ask(command);
      if (this.#isOver) return;
      const isRefused = answer instanceof FanfareError;
      if (!(isRefused && answer.isRetryable)) {
        if (isRefused) events.emit('error', answer);
        // When history is refused, the empty page tells what is missing as lost.
        this.#owner.page({ messages: [], more: false, ...answer, upTo });
      }
      failures = sequencer.position === after ? failures + 1 : 0;
      if (failures > 0) await settings.clock.pause(settings.retryMs(failures - 1, answer));
    }
    this.#isRunning = false;
  }
}
