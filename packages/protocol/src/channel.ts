/** The grammar of channel names: `namespace:name`, and the built-in `@all` and `@user:<id>`. */

import { CHANNEL_LENGTH } from './limits.ts';

/** Reaches every connection. */
export const ALL = '@all';

const USER = '@user';
const GRAMMAR = /^(?<namespace>[A-Za-z0-9_-]+|@user):(?<name>[A-Za-z0-9_\-=@,.;:/]+)$/;

/** The two parts that policies look at. `@all` is a namespace with one channel; its `name` is empty. */
export interface ChannelName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The built-in channel of all connections of one user. Characters of the id that a channel name cannot have, and `=`, are written
 * as `=` and two hexadecimal digits for each byte of UTF-8. So two users never share a channel, for all ids that issuers use.
 *
 * @example
 * userChannel('ann'); // '@user:ann'
 * userChannel('auth0|5f7c'); // '@user:auth0=7C5f7c'
 */
export function userChannel(user: string): string {
  return `${USER}:${user.replace(/[^A-Za-z0-9_\-@,.;:/]+/g, escapeBytes)}`;
}

function escapeBytes(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  return bytes.map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** Every connection is subscribed to its built-in channels from the start, and cannot unsubscribe. */
export function isBuiltIn(channel: string): boolean {
  return channel === ALL || channel.startsWith(`${USER}:`);
}

/** Splits a channel name; `undefined` if it does not match the grammar. */
export function parseChannel(channel: string): ChannelName | undefined {
  if (channel === ALL) return { namespace: ALL, name: '' };
  if (channel.length > CHANNEL_LENGTH) return undefined;
  const { namespace, name } = GRAMMAR.exec(channel)?.groups ?? {};
  if (namespace === undefined || name === undefined) return undefined;
  return { namespace, name };
}
