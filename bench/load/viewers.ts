/** Simulates the clients of many channels: what each of them has, and how it asks for what it missed. */

import type { Subscription } from '../../lambdas/realtime/connections/subscription-store.ts';
import { delayMs } from '../../packages/client/src/lib/settings/backoff.ts';
import { connectionIdOf, memberOf } from '../simulator/crowd.ts';
import type { VirtualClock } from '../simulator/virtual-clock.ts';
import type { Numbers } from './frame-reader.ts';

/** How long a client waits for a missing number before it asks, and the random part of it in a channel of one shard (`feed.ts`). Milliseconds. */
const GAP_MS = 500;

/** The pauses of a client whose request was refused (`settings.ts` of the client). */
const BACKOFF = { baseMs: 500, capMs: 90_000, stableMs: 10_000 } as const;

export function channelOf(index: number): string {
  return `room:${index}`;
}

function indexOf(channel: string): number {
  return Number(channel.slice('room:'.length));
}

export interface ViewerOptions {
  readonly clock: VirtualClock;
  readonly channels: number;
  readonly perChannel: number;
  readonly random: () => number;
  /** Asks for the history of the channel. @returns the newest number that was written, or `undefined` if the request was refused. */
  readonly history: (channel: string) => Promise<number | undefined>;
}

export class Viewers {
  /** Milliseconds from the publish until a client had the message, live or from the history. */
  readonly delays: number[] = [];
  catchUps = 0;
  private readonly options: ViewerOptions;
  /** The next number that each client expects. */
  private readonly expected: Uint32Array;
  private readonly early = new Map<number, Map<number, number>>();
  private readonly asking = new Set<number>();

  constructor(options: ViewerOptions) {
    this.options = options;
    this.expected = new Uint32Array(options.channels * options.perChannel).fill(1);
  }

  /** The subscriptions of a channel. */
  rowsOf(channel: string): Subscription[] {
    const { perChannel } = this.options;
    const first = indexOf(channel) * perChannel;
    return Array.from({ length: perChannel }, (_, index) => ({
      channel,
      shard: 0,
      shardCount: 1,
      connectionId: connectionIdOf(first + index),
      expiresAt: 1_900_000_000,
    }));
  }

  /** A client gets a frame. A gap makes it ask for the history after its patience. */
  receive(connectionId: string, { from, to, time }: Numbers): void {
    const member = memberOf(connectionId);
    const { clock } = this.options;
    const expected = this.expected[member] ?? 1;
    if (to < expected) return;
    this.delays.push(clock.now() - time);
    if (from <= expected) {
      this.expected[member] = to + 1;
      this.takeEarly(member);
      return;
    }
    const early = this.early.get(member) ?? new Map<number, number>();
    this.early.set(member, early.set(from, to));
    this.askLater(member, this.gapMs(), 0);
  }

  /** A client is disconnected: it comes back, and resumes from its position. */
  cut(connectionId: string): void {
    this.askLater(memberOf(connectionId), this.retryMs(0), 0, true);
  }

  /** Clients that do not have everything up to the newest number of their channel. */
  behind(newest: (channel: string) => number): number {
    return this.expected.reduce(
      (count, next, member) => count + (next <= newest(this.channelOf(member)) ? 1 : 0),
      0,
    );
  }

  private channelOf(member: number): string {
    return channelOf(Math.floor(member / this.options.perChannel));
  }

  private askLater(member: number, pause: number, attempt: number, isResume = false): void {
    const { clock } = this.options;
    if (this.asking.has(member)) return;
    this.asking.add(member);
    clock.at(clock.now() + pause, () => void this.ask(member, attempt, isResume));
  }

  private async ask(member: number, attempt: number, isResume: boolean): Promise<void> {
    const { history } = this.options;
    if (!isResume && !this.early.has(member)) return void this.asking.delete(member);
    this.catchUps += 1;
    const newest = await history(this.channelOf(member));
    this.asking.delete(member);
    if (newest === undefined) return this.askLater(member, this.retryMs(attempt), attempt + 1, isResume);
    this.expected[member] = Math.max(this.expected[member] ?? 1, newest + 1);
    this.takeEarly(member);
    if (this.early.has(member)) this.askLater(member, this.gapMs(), 0);
  }

  private gapMs(): number {
    return GAP_MS + this.retryMs(0);
  }

  private retryMs(failures: number): number {
    return delayMs(failures, BACKOFF, this.options.random());
  }

  private takeEarly(member: number): void {
    const early = this.early.get(member);
    if (!early) return;
    let expected = this.expected[member] ?? 1;
    for (const [from, to] of [...early].toSorted(([one], [other]) => one - other)) {
      if (from > expected) break;
      expected = Math.max(expected, to + 1);
      early.delete(from);
    }
    this.expected[member] = expected;
    if (early.size === 0) this.early.delete(member);
  }
}
