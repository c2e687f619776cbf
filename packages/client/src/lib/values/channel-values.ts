/** The values of one channel: watches that read them, and writes of names. */

import type { Channel } from '../channel/channel.ts';
import type { Published } from '../channel/outbox.ts';
import { newKey } from '../platform/random-key.ts';
import { jsonOf } from '../wire/json.ts';
import { NewestOnly } from './newest-only.ts';
import { type Updated, update } from './update.ts';
import type { Value, ValueChange } from './value.ts';
import { type ValueWatch, WatchedValues, type WatchValuesOptions } from './value-watch.ts';

export interface WriteOptions {
  /** Writes only if the newest message of the name has this number; `0`: only if the name has no value. Else it throws `conflict`. */
  readonly ifSeq?: number;
  /** As of `publish`. @default a random key */
  readonly key?: string;
}

export interface SetOptions extends WriteOptions {
  /**
   * Only the newest value counts: while a write of the name is under way, later ones wait, and only the newest of them is sent. The
   * others have its result. Not together with `ifSeq` or `key`.
   */
  readonly latest?: boolean;
  /** The same, and the name is written at most once in this time. Milliseconds. */
  readonly every?: number;
}

export interface Values<Data = unknown> {
  /**
   * Subscribes to the channel, and follows its values until `stop()`.
   *
   * @param onChange Gets each value that is there, and then each change, after `values` has it. What it throws becomes the event `error`.
   */
  watch(onChange?: (change: ValueChange<Data>) => unknown, options?: WatchValuesOptions): ValueWatch<Data>;
  /**
   * Sets the value of a name. Needs no watch.
   *
   * @throws FanfareError as `publish` of a channel; `conflict` with `current`, if another message is there than `ifSeq` names.
   */
  set(name: string, data: Data, options?: SetOptions): Promise<Published>;
  /** Removes the value of a name. */
  remove(name: string, options?: WriteOptions): Promise<Published>;
  /**
   * Writes what `change` makes of the value, which is `undefined` without a value. If another writer is faster, `change` is called again,
   * with the newer value. If it returns `undefined`, nothing is written.
   *
   * Begins with the value of a watch. Without one, it learns the value from a first conflict.
   *
   * @throws FanfareError as `set`; `conflict` after 20 conflicts.
   */
  update(
    name: string,
    change: (data: Data | undefined) => Data | undefined,
  ): Promise<Updated<Data> | undefined>;
}

export class ChannelValues implements Values {
  readonly #channel: Channel;
  readonly #newest: NewestOnly;
  readonly #watches = new Set<ValueWatch>();

  constructor(channel: Channel) {
    this.#channel = channel;
    this.#newest = new NewestOnly(channel.owner.settings.timers);
  }

  watch(onChange: (change: ValueChange) => unknown = () => {}, options: WatchValuesOptions = {}): ValueWatch {
    return new WatchedValues(this.#channel, onChange, options, this.#watches);
  }

  async set(name: string, data: unknown, options: SetOptions = {}): Promise<Published> {
    const { latest, every } = options;
    const json = `"data":${jsonOf(data)}`;
    const write = () => this.#write(name, json, options);
    if (latest || every !== undefined) return this.#newest.latest(name, write, every ?? 0);
    return this.#newest.always(name, write);
  }

  async remove(name: string, options: WriteOptions = {}): Promise<Published> {
    return this.#newest.always(name, () => this.#write(name, '"remove":true', options));
  }

  async update(name: string, change: (data: unknown) => unknown): Promise<Updated | undefined> {
    const { settings } = this.#channel.owner;
    return update(settings, this.#newestOf(name), change, (data, ifSeq) => this.set(name, data, { ifSeq }));
  }

  #newestOf(name: string): Value | undefined {
    const known = [...this.#watches].flatMap(({ values }) => values.get(name) ?? []);
    return known.sort((one, other) => other.seq - one.seq)[0];
  }

  #write(name: string, content: string, { ifSeq, key = newKey() }: WriteOptions): Promise<Published> {
    const { name: channel, owner } = this.#channel;
    return owner.publish(channel, `{${content},${jsonOf({ name, key, ifSeq }).slice(1)}`);
  }
}
