/** Where the facts of the smoke command play, and in which form they publish. */

import { describe, expect, it } from 'vitest';
import type { NamespacePolicy } from '../../lambdas/realtime/access/namespaces.ts';
import { defineConfig } from '../../lambdas/realtime/access/namespaces.ts';
import { NotShown } from '../../smoke/not-shown.ts';
import { Places, type Role } from '../../smoke/places.ts';
import { BARE, wrappingOf } from '../../smoke/wrapping.ts';
import { ownTerms } from './own-terms.ts';

const users: NamespacePolicy = {
  subscribe: 'signed-in',
  publish: 'signed-in',
  members: 'signed-in',
  history: { hours: 1 },
  presence: 'none',
};

const placesIn = (namespaces: Readonly<Record<string, NamespacePolicy>>, channels?: readonly string[]) =>
  new Places(defineConfig(() => ({ namespaces }))({ local: false }), channels);

describe('the places of facts', () => {
  it.each<[Role, string]>([
    ['chat', 'chat:x'],
    ['live', 'live:x'],
    ['public', 'public:x'],
    ['fleeting', 'live:x'],
    ['members', 'chat:x'],
    ['present', 'chat:x'],
  ])('in this repository are, for %s, %s', (role, channel) => {
    expect(ownTerms.places.channel(role, 'x')).toBe(channel);
  });

  it('are namespaces without rules of the application, if there are such ones', () => {
    const places = placesIn({ strict: { ...users, onPublish: () => {} }, plain: users });

    expect(places.channel('chat', 'x')).toBe('plain:x');
    expect(places.hasRules).toBe(true);
  });

  it('are missing with a reason if no namespace allows what a fact does', () => {
    const places = placesIn({ room: { ...users, subscribe: 'granted' } });

    expect(() => places.channel('chat', 'x')).toThrow(NotShown);
    expect(() => places.channel('chat', 'x')).toThrow(
      'in which users read and publish, and messages are kept',
    );
  });

  it('are the channels that the operator names, also where a token has to name them', () => {
    const namespaces = { room: { ...users, subscribe: 'granted', publish: 'granted' } as const };

    expect(placesIn(namespaces, ['room:17']).channel('chat', 'x')).toBe('room:17');
    expect(() => placesIn(namespaces, ['hall:17'])).toThrow(
      '--channel: the configuration has no namespace of hall:17.',
    );
  });
});

describe('the form of a message', () => {
  it('is the mark itself, or any JSON around it', () => {
    const { wrap, unwrap } = wrappingOf('{"kind":"chat","parts":[1,{"text":"$"}]}');

    expect(wrap(7)).toEqual({ kind: 'chat', parts: [1, { text: '7' }] });
    expect(unwrap({ by: 'ann', ...Object(wrap(7)) })).toBe('7');
    expect(unwrap('7')).toBeUndefined();
    expect(BARE.unwrap(BARE.wrap(7))).toBe('7');
  });

  it.each(['{"text":"x"}', 'x', '7'])('is refused without a place for the mark: %s', (json) => {
    expect(() => wrappingOf(json)).toThrow('--message takes JSON that has "$" in it');
  });
});
