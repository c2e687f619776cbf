/**
 * Where anonymous sessions over HTTP come from. All sessions of one source address are stored under one name, so that they can be
 * counted. The name is not a channel name: no command can contain it, and no message is delivered there.
 */

import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import type { Placement } from './subscription-store.ts';

/** Outside the grammar of channels (`packages/protocol/src/channel.ts`), in which only `@user:` begins with an `@`. */
const PREFIX = '@address:';

/** Of IPv6, the half that a provider gives to one household or company; the rest is theirs to choose. Groups of 16 bits. */
const NETWORK_GROUPS = 4;

/**
 * A name that distinguishes addresses. The address itself is not stored. But an attacker can try all IPv4 addresses, so the name
 * protects little; it is deleted with the session.
 *
 * @param address from the platform, never from a header.
 */
export function addressOf(address: string): string {
  return createHash('sha256').update(networkOf(address)).digest('base64url');
}

/** Where the sessions of an address are. */
export function addressPlacement(address: string): Placement {
  return { channel: `${PREFIX}${address}`, shard: 0 };
}

/** Whether a row only counts a session. */
export function isAddressPlacement({ channel }: Placement): boolean {
  return channel.startsWith(PREFIX);
}

function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return plain;
  const groups = groupsOf(plain);
  // An IPv4 client, as a server that listens on IPv6 sees it: `::ffff:192.0.2.1`.
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (!isMapped) return groups.slice(0, NETWORK_GROUPS).join(':');
  const mapped = groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]);
  return isIPv4(mapped.join('.')) ? mapped.join('.') : plain;
}

/** Eight numbers, for every spelling of the address. */
function groupsOf(address: string): readonly number[] {
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = [], after = []] = written.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}
