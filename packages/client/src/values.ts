/** The values of a channel, for namespaces with `values`: the newest message of each name, live, and writes of names. */

import type { Channel } from './lib/channel/channel.ts';
import { ChannelValues, type Values } from './lib/values/channel-values.ts';

export type { Published } from './lib/channel/outbox.ts';
export type { SetOptions, Values, WriteOptions } from './lib/values/channel-values.ts';
export type { Updated } from './lib/values/update.ts';
export type { Removal, Value, ValueChange } from './lib/values/value.ts';
export type { ValueWatch, WatchValuesOptions } from './lib/values/value-watch.ts';

/**
 * The values of a channel. Sends nothing by itself.
 *
 * @example
 * const seats = valuesOf(connection.channel<string>('open:seats'));
 * seats.watch(({ name, data, removed }) => (removed ? free(name) : occupy(name, data)));
 * await seats.set('seat:12', 'ann', { ifSeq: 0 });
 */
export function valuesOf<Data>(channel: Channel<Data>): Values<Data>;
export function valuesOf(channel: Channel): Values {
  return new ChannelValues(channel);
}
