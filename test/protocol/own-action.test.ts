import { ProtocolError } from 'fanfare-protocol/errors';
import { ownActionName, reservedNames } from 'fanfare-protocol/own-action';
import { parseOwnCommand } from 'fanfare-protocol/parse';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

const isOwn = (name: string) => name === 'vote';

describe('the name of an own action', () => {
  it.each(['vote', 'a', 'place-order', 'Vote_2', 'x'.repeat(32)])('may be %s', (name) => {
    expect(v.is(ownActionName, name)).toBe(true);
  });

  it.each(['', '2votes', '-vote', 'my vote', 'vote.now', '$default', '__proto__', 'x'.repeat(33)])(
    'may not be %j',
    (name) => {
      expect(v.is(ownActionName, name)).toBe(false);
    },
  );

  it.each(['publish', 'subscribe', 'ping', 'published', 'pong', 'error', 'messages', 'closing'])(
    'may not be %s, which the protocol has',
    (name) => {
      expect(reservedNames).toContain(name);
      expect(v.is(ownActionName, name)).toBe(false);
    },
  );
});

describe('a command', () => {
  it('of an own action keeps its data and its key, and loses unknown fields', () => {
    const command = { action: 'vote', id: 1, data: { option: 'tea' }, key: 'k' };

    expect(parseOwnCommand({ ...command, user: 'eve' }, isOwn)).toEqual(command);
    expect(parseOwnCommand({ action: 'vote' }, isOwn)).toEqual({ action: 'vote' });
  });

  it.each([{ action: 'publish' }, { action: 7 }, {}, null, 'vote', []])(
    'is not of an own action: %j',
    (candidate) => {
      expect(parseOwnCommand(candidate, isOwn)).toBeUndefined();
    },
  );

  it.each([
    { action: 'vote', id: {} },
    { action: 'vote', key: '' },
    { action: 'vote', key: 'x'.repeat(129) },
  ])('of an own action is a bad request: %j', (candidate) => {
    expect(() => parseOwnCommand(candidate, isOwn)).toThrow(ProtocolError);
  });
});
