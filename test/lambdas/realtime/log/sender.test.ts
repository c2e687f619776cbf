import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newConnectionId } from '../../../../lambdas/realtime/connections/http-sessions.ts';
import { authorOf, publishKeyOf, type Sender, senderOf } from '../../../../lambdas/realtime/log/sender.ts';

const kinds: readonly Sender['kind'][] = [
  'user',
  'server',
  'principal',
  'events',
  'client',
  'session',
  'connection',
];
/** Short, and of the characters that an encoding could trip over. */
const odd = fc.string({ unit: fc.constantFrom('a', '"', ',', '\\', '#', '/', '\0', '\ud800', '\ufffd') });
const triple = fc.record({
  channel: fc.constantFrom('open:a', 'open:b', 'open:a/user'),
  key: odd,
  sender: fc.record({ kind: fc.constantFrom(...kinds), id: odd }),
});

describe('the sender', () => {
  const anonymous = { user: undefined, connectionId: 'L0SM9cOFvHcCIhw=' };
  const overHttp = { user: undefined, connectionId: newConnectionId('k'.repeat(43)) };

  it.each([
    ['a user', { ...anonymous, user: 'ann' }, { kind: 'user', id: 'ann' }],
    [
      'a user on whichever client',
      { ...anonymous, user: 'ann', client: 'hash' },
      { kind: 'user', id: 'ann' },
    ],
    ['an anonymous client', { ...anonymous, client: 'hash' }, { kind: 'client', id: 'hash' }],
    ['a connection of no known client', anonymous, { kind: 'connection', id: anonymous.connectionId }],
    ['a session over HTTP, in each opening', overHttp, { kind: 'session', id: 'k'.repeat(43) }],
    ['an anonymous client over HTTP', { ...overHttp, client: 'hash' }, { kind: 'client', id: 'hash' }],
  ])('is %s', (_who, session, sender) => {
    expect(senderOf(session)).toEqual(sender);
  });

  it.each(kinds)('that is of the kind %s has a name for other clients only if it is a user', (kind) => {
    expect(authorOf({ kind, id: 'ann' })).toBe(kind === 'user' ? 'ann' : undefined);
  });
});

describe('the name under which a key is stored', () => {
  it('is the same for the same channel, sender and key, and for no others', () => {
    fc.assert(
      fc.property(triple, triple, (one, other) => {
        const isSame =
          one.channel === other.channel &&
          one.key === other.key &&
          one.sender.kind === other.sender.kind &&
          one.sender.id === other.sender.id;

        expect(publishKeyOf(one.channel, one) === publishKeyOf(other.channel, other)).toBe(isSame);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has a fixed length', () => {
    const sender = { kind: 'user', id: '\u{1F3BA}'.repeat(2_000) } as const;

    expect(publishKeyOf('open:a', { sender, key: 'k'.repeat(2_000) })).toHaveLength(50);
  });
});
