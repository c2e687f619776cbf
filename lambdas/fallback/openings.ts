/**
 * How many sessions are opened without a token: by one address and by the whole stage, in windows of time. Each session holds rows
 * in tables, and each stream holds an execution of a function.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import { OPENINGS_PER_SESSION, OPENINGS_PER_WINDOW, OPENINGS_WINDOW_MS } from 'fanfare-protocol/limits';
import type { OpeningStore } from '../realtime/connections/http-sessions.ts';

/** How many refused addresses a container remembers in a window. An opening of any other address costs a write. */
const REMEMBERED = 10_000;

export class Openings {
  private readonly store: OpeningStore;
  private readonly now: () => number;
  private window = 0;
  /** Names whose count is full in this window: a flood costs no write, only its refusals. */
  private readonly full = new Set<string>();

  constructor(store: OpeningStore, now: () => number) {
    this.store = store;
    this.now = now;
  }

  /**
   * Counts an opening, first for the address, then for the stage. So an address over its limit does not use up the openings of
   * the others.
   *
   * @param address as `source-address.ts` writes it.
   * @throws ProtocolError `rate-limited` with `retryAfter`.
   */
  async admit(address: string, sessionsPerAddress: number): Promise<void> {
    await this.take(address, OPENINGS_PER_SESSION * sessionsPerAddress);
    await this.take('stage', OPENINGS_PER_WINDOW);
  }

  private async take(name: string, limit: number): Promise<void> {
    const now = this.now();
    const window = Math.floor(now / OPENINGS_WINDOW_MS);
    if (window !== this.window) this.full.clear();
    this.window = window;
    const endsAt = (window + 1) * OPENINGS_WINDOW_MS;
    const counted =
      !this.full.has(name) && (await this.store.take(`${name}:${window}`, limit, expiryOf(endsAt)));
    if (counted) return;
    if (this.full.size < REMEMBERED) this.full.add(name);
    const message = 'Too many sessions are being opened without a token; wait a moment, or sign in.';
    throw new ProtocolError('rate-limited', message, Math.max(1, endsAt - now));
  }
}

/** Clocks of containers differ by less than a minute. Seconds since 1970. */
function expiryOf(endsAt: number): number {
  return endsAt / 1000 + 60;
}
