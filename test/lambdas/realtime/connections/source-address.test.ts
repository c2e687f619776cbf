import { parseChannel } from 'fanfare-protocol/channel';
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  addressPlacement,
  isAddressPlacement,
} from '../../../../lambdas/realtime/connections/source-address.ts';

describe('the address of a visitor', () => {
  it.each([
    ['the same address', '192.0.2.1', '192.0.2.1'],
    ['an IPv4 address as a server on IPv6 sees it', '192.0.2.1', '::ffff:192.0.2.1'],
    ['the same in hexadecimal', '192.0.2.1', '::ffff:c000:201'],
    ['the halves of one network', '2001:db8:0:7::1', '2001:db8:0:7:ffff:ffff:ffff:ffff'],
    ['other ways to write it', '2001:DB8::7:0:0:0:1', '2001:db8:0:7::1'],
    ['a zone', 'fe80::1', 'fe80::2%eth0'],
  ])('is one address for %s', (_what, one, other) => {
    expect(addressOf(one)).toBe(addressOf(other));
  });

  it.each([
    ['two IPv4 addresses', '192.0.2.1', '192.0.2.2'],
    ['two mapped ones', '::ffff:192.0.2.1', '::ffff:192.0.2.2'],
    ['two networks', '2001:db8:0:7::', '2001:db8:0:8::'],
    ['no address and one', '', '::'],
  ])('is not one address for %s', (_what, one, other) => {
    expect(addressOf(one)).not.toBe(addressOf(other));
  });

  it('is stored as a hash, in a place that is not a channel', () => {
    const place = addressPlacement(addressOf('192.0.2.1'));

    expect(place.channel).not.toContain('192');
    expect(parseChannel(place.channel)).toBeUndefined();
    expect(isAddressPlacement(place)).toBe(true);
    expect(isAddressPlacement({ channel: '@user:ann', shard: 0 })).toBe(false);
  });
});
