import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parseChannel, userChannel } from '../../packages/protocol/src/channel.ts';
import { userId } from '../../packages/protocol/src/user-id.ts';

describe('an id of a user', () => {
  it('has a channel, which no other id has', () => {
    const ids = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        if (!v.is(userId, one) || !v.is(userId, other)) return;
        expect(parseChannel(userChannel(one))).toBeDefined();
        expect(userChannel(one) === userChannel(other)).toBe(one === other);
      }),
    );
  });

  it('is Unicode', () => {
    for (const half of ['\ud800', 'a\udc00', '\udc00\ud800']) expect(v.is(userId, half)).toBe(false);
    expect(v.is(userId, '𝒜')).toBe(true);
  });
});
