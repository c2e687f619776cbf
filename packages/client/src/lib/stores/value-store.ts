/** What a component shows of the values of a channel, and its writes. */

import type { Published } from '../channel/outbox.ts';
import { ChannelValues, type SetOptions, type WriteOptions } from '../values/channel-values.ts';
import type { Updated } from '../values/update.ts';
import type { Value } from '../values/value.ts';
import { type FanfareError, localError } from '../wire/errors.ts';
import type { ConnectionStore } from './connection-store.ts';
import { Store } from './store.ts';

/** The part of what `useValues` returns that changes. */
export interface ValuesView<Data = unknown> {
  /** The value of each name, in no order. Another map after each change. */
  readonly values: ReadonlyMap<string, Value<Data>>;
  /** Whether all values were read. It stays `true` while the connection is lost. */
  readonly isComplete: boolean;
  /** The server's refusal. */
  readonly error: FanfareError | undefined;
}

const NOTHING: ValuesView = { values: new Map(), isComplete: false, error: undefined };

export class ValueStore extends Store<ValuesView> {
  readonly #connection: ConnectionStore;
  readonly #name: string;
  #channel: ChannelValues | undefined;

  constructor(connection: ConnectionStore, name: string) {
    super(NOTHING);
    this.#connection = connection;
    this.#name = name;
  }

  readonly write = async (name: string, data: unknown, options?: SetOptions): Promise<Published> =>
    this.#written.set(name, data, options);

  readonly remove = async (name: string, options?: WriteOptions): Promise<Published> =>
    this.#written.remove(name, options);

  readonly update = async (name: string, change: (data: unknown) => unknown): Promise<Updated | undefined> =>
    this.#written.update(name, change);

  protected start(): () => void {
    const { connection, release } = this.#connection.hold();
    const running = new AbortController();
    const { signal } = running;
    this.#channel = new ChannelValues(connection.channel(this.#name));
    this.set({ isComplete: false, error: undefined });
    let isTold = true;
    const tell = () => {
      if (!isTold || signal.aborted) return;
      isTold = false;
      // A frame may have many changes, and each copy takes as long as there are names.
      queueMicrotask(() => {
        isTold = true;
        this.set({ values: new Map(watch.values) });
      });
    };
    const watch = this.#channel.watch(tell, {
      signal,
      onEnd: (error) => error && this.set({ error }),
    });
    watch.ready.then(
      () => this.set({ values: new Map(watch.values), isComplete: true }),
      () => {},
    );
    return () => {
      running.abort();
      this.#channel = undefined;
      release();
    };
  }

  get #written(): ChannelValues {
    if (this.#channel) return this.#channel;
    throw localError('closed', 499);
  }
}
