/** Follows the values of a channel: subscribes, reads the snapshot, and takes each later message. */

import type { Channel } from '../channel/channel.ts';
import { request } from '../channel/request.ts';
import { onAbort } from '../platform/abort.ts';
import { FanfareError, localError } from '../wire/errors.ts';
import { list, type ServerFrame } from '../wire/server-frame.ts';
import { changeIn, changeOf, isNamed, type Value, type ValueChange } from './value.ts';
import { ValueMap } from './value-map.ts';

export interface WatchValuesOptions {
  /** Stops the watch when it aborts. */
  readonly signal?: AbortSignal;
  /**
   * Called once, when no further change will be reported. `error` is the server's refusal; it is `undefined` after `stop()`, the
   * signal, or the end of the connection.
   */
  readonly onEnd?: (error: FanfareError | undefined) => unknown;
}

export interface ValueWatch<Data = unknown> extends AsyncIterable<ValueChange<Data>> {
  /** The value of each name, in no order. It is filled until `ready`, and then changes in place. */
  readonly values: ReadonlyMap<string, Value<Data>>;
  /**
   * Settles when all values are there for the first time.
   *
   * @throws FanfareError the server's refusal, or `closed` if the watch ended before.
   */
  readonly ready: Promise<void>;
  stop(): void;
}

/**
 * After a longer interruption, the snapshot is read instead of the messages that were missed: they may be many, and all but the last of
 * each name are of no use. Milliseconds.
 */
const MOST_MISSED_MS = 60_000;

export class WatchedValues implements ValueWatch {
  readonly ready: Promise<void>;
  readonly #channel: Channel;
  readonly #onChange: (change: ValueChange) => unknown;
  readonly #options: WatchValuesOptions;
  readonly #map = new ValueMap();
  readonly #loops = new Set<(change?: ValueChange) => void>();
  readonly #watches: Set<ValueWatch>;
  #stopListening: readonly (() => void)[] = [];
  /** The subscription is the same until a long interruption. */
  #round = new AbortController();
  /** The last reading of the snapshot. */
  #reading: object | undefined;
  /** Measures the interruption. */
  #missedMs: (() => number) | undefined;
  #settleReady: (error?: FanfareError) => void = () => {};
  #isOver = false;
  #error: FanfareError | undefined;

  /** @param watches Has this watch until it is over. */
  constructor(
    channel: Channel,
    onChange: (change: ValueChange) => unknown,
    options: WatchValuesOptions,
    watches: Set<ValueWatch>,
  ) {
    this.#channel = channel;
    this.#watches = watches;
    this.#onChange = onChange;
    this.#options = options;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = (error) => (error ? reject(error) : resolve());
    });
    // An application that does not wait for `ready` learns of the failure from `onEnd`.
    this.ready.catch(() => {});
    this.#subscribe();
    if (options.signal?.aborted) {
      this.stop();
      return;
    }
    watches.add(this);
    this.#stopListening = [
      channel.owner.on('state', (state) => this.#follow(state)),
      onAbort(options.signal, this.stop),
    ];
  }

  get values(): ReadonlyMap<string, Value> {
    return this.#map.values;
  }

  readonly stop = (): void => this.#end();

  /** The values that are there, and then each change. A loop that is slow gets only the newest change of each name. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ValueChange, void, void> {
    const waiting = new Map<string, ValueChange>(this.values);
    let wake = () => {};
    const take = (change?: ValueChange) => {
      if (change) waiting.set(change.name, change);
      wake();
    };
    this.#loops.add(take);
    try {
      for (;;) {
        for (const [name, change] of waiting) {
          waiting.delete(name);
          yield change;
        }
        if (this.#error) throw this.#error;
        if (this.#isOver) return;
        if (waiting.size > 0) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      this.#loops.delete(take);
    }
  }

  #follow(state: string): void {
    if (state === 'connecting') this.#missedMs ??= this.#channel.owner.settings.timers.stopwatch();
    if (state !== 'connected') return;
    const isLong = this.#missedMs && this.#missedMs() > MOST_MISSED_MS;
    this.#missedMs = undefined;
    // Before the client resumes its subscriptions: this one then begins without a position.
    if (isLong) this.#subscribe();
  }

  /** Subscribes before it reads: a message in between is in the snapshot or arrives, never neither. */
  #subscribe(): void {
    this.#round.abort();
    const round = new AbortController();
    this.#round = round;
    const subscription = this.#channel.subscribe(
      (message) => {
        const change = changeIn(message);
        if (change) this.#tell(this.#map.live(change));
      },
      {
        signal: round.signal,
        // Without `recovered`, messages are lost that had values or removals.
        onLost: () => void this.#read(round.signal),
        onEnd: (error) => round.signal.aborted || this.#end(error),
      },
    );
    subscription.ready.then(
      () => this.#read(round.signal),
      (error) => round.signal.aborted || this.#end(error),
    );
  }

  async #read(until: AbortSignal): Promise<void> {
    const reading = {};
    this.#reading = reading;
    const isStale = () => until.aborted || this.#reading !== reading;
    this.#map.begin();
    let head: number | undefined;
    let cursor: unknown;
    do {
      const page = await this.#page(cursor, isStale);
      if (!page || isStale()) return;
      head ??= page.seq ?? 0;
      this.#tell(this.#map.page(list(page.values).filter(isNamed).map(changeOf)));
      cursor = page.next;
    } while (cursor !== undefined);
    this.#tell(this.#map.complete(head));
    this.#settleReady();
  }

  /** Reads a page until it is there. `undefined`: the watch is over, or the reading is of no use any more. */
  async #page(cursor: unknown, isStale: () => boolean): Promise<ServerFrame | undefined> {
    const { owner } = this.#channel;
    const { timers, retryMs } = owner.settings;
    for (let failures = 0; !isStale(); failures += 1) {
      await owner.connected();
      try {
        return await request(this.#channel, 'values', { cursor });
      } catch (error) {
        if (isStale() || !(error instanceof FanfareError)) return undefined;
        if (error.isRetryable) await timers.pause(retryMs(failures, error));
        else this.#fail(error);
      }
    }
    return undefined;
  }

  #tell(changes: readonly ValueChange[]): void {
    for (const change of changes) {
      for (const take of this.#loops) take(change);
      this.#channel.owner.guarded(() => this.#isOver || this.#onChange(change));
    }
  }

  /** The snapshot cannot be read, for instance because the namespace has no values. */
  #fail(error: FanfareError): void {
    const { name, owner } = this.#channel;
    if (!isClosed(error)) owner.report(error, name, this.#options.onEnd);
    this.#end(error);
  }

  #end(error?: FanfareError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // The end of the connection is no failure of the watch.
    if (!isClosed(error)) this.#error = error;
    this.#watches.delete(this);
    this.#round.abort();
    for (const stop of this.#stopListening) stop();
    this.#settleReady(error ?? localError('closed', 499));
    for (const wake of this.#loops) wake();
    this.#channel.owner.guarded(() => this.#options.onEnd?.(this.#error));
  }
}

function isClosed(error: FanfareError | undefined): boolean {
  return error?.code === 'closed';
}
