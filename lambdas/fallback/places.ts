/**
 * Places for streams and waiting polls. Each holds an execution of the function while it waits. They are fewer than the executions that the
 * stage reserves, so commands of the same clients always find one.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { PlaceStore } from '../realtime/connections/http-sessions.ts';

/** Places that one request looks at. While three quarters are taken, nine of ten requests find one. */
const LOOKS = 8;

/** Refused clients come back at different times. Milliseconds. */
const RETRY_MS = 2_000;

/** A function that was stopped may leave its place. Nothing holds one for longer than it has asked for, and this. Milliseconds. */
const MARGIN_MS = 10_000;

/** Frees the place. */
export type Leave = () => Promise<void>;

export class Places {
  private readonly store: PlaceStore;
  /** 0: without a limit. */
  private readonly count: number;
  private readonly now: () => number;

  constructor(store: PlaceStore, count: number, now: () => number) {
    this.store = store;
    this.count = count;
    this.now = now;
  }

  /**
   * Takes a place for a time.
   *
   * @param holder names the request, and is unique.
   * @throws ProtocolError `busy` with `retryAfter`.
   */
  async take(holder: string, ms: number): Promise<Leave> {
    if (this.count === 0) return async () => {};
    const now = this.now();
    const start = Math.floor(Math.random() * this.count);
    // Neighbours of a random place: each request looks at other ones.
    for (let look = 0; look < Math.min(LOOKS, this.count); look++) {
      const place = (start + look) % this.count;
      if (await this.store.take(place, holder, { now, until: now + ms + MARGIN_MS }))
        return () => this.store.free(place, holder);
    }
    const message = 'As many streams and polls are open as the stage allows; come back later.';
    throw new ProtocolError('busy', message, Math.ceil(RETRY_MS * (1 + Math.random())));
  }
}
