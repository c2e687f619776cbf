import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../packages/protocol/src/errors.ts';
import {
  COMMANDS_PER_FRAME,
  ID_LENGTH,
  JSON_DEPTH,
  MESSAGE_BYTES,
  MESSAGES_PER_PUBLISH,
} from '../../packages/protocol/src/limits.ts';
import { echoOf, parseCommand, parseFrame } from '../../packages/protocol/src/parse.ts';

/** The code with which something is refused. */
function refusal(attempt: () => unknown): string | undefined {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return undefined;
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('a frame', () => {
  it('is one command if it is JSON but not an array', () => {
    expect(parseFrame('{"action":"ping"}')).toEqual({ single: { action: 'ping' } });
    expect(parseFrame('null')).toEqual({ single: null });
    expect(parseFrame('7')).toEqual({ single: 7 });
  });

  it('is a batch if it is an array', () => {
    expect(parseFrame('[1,2]')).toEqual({ batch: [1, 2] });
  });

  it.each(['', ' ', 'nope', '{', '{"a":1}{', "{'a':1}", '\u0000'])(
    'that is not JSON is refused: %j',
    (text) => {
      expect(refusal(() => parseFrame(text))).toBe('bad-request');
    },
  );

  it('is refused when it is an empty array', () => {
    expect(refusal(() => parseFrame('[]'))).toBe('bad-request');
  });

  it('holds the most commands that are allowed and not one more', () => {
    const commands = (count: number) => JSON.stringify(Array.from({ length: count }, () => 1));

    expect(refusal(() => parseFrame(commands(COMMANDS_PER_FRAME)))).toBeUndefined();
    expect(refusal(() => parseFrame(commands(COMMANDS_PER_FRAME + 1)))).toBe('too-large');
  });

  it('is read up to the size of a message and not beyond', () => {
    const text = (length: number) => JSON.stringify('x'.repeat(length - 2));

    expect(refusal(() => parseFrame(text(MESSAGE_BYTES)))).toBeUndefined();
    expect(refusal(() => parseFrame(text(MESSAGE_BYTES + 1)))).toBe('too-large');
  });

  it('nests as deep as is allowed and not one level more', () => {
    expect(refusal(() => parseFrame(nested(JSON_DEPTH)))).toBeUndefined();
    expect(refusal(() => parseFrame(nested(JSON_DEPTH + 1)))).toBe('bad-request');
  });

  it('is refused without a crash when it consists of opening brackets', () => {
    expect(refusal(() => parseFrame('['.repeat(MESSAGE_BYTES)))).toBe('bad-request');
    expect(refusal(() => parseFrame('{"a":'.repeat(MESSAGE_BYTES / 5)))).toBe('bad-request');
  });

  it('does not count brackets inside strings', () => {
    const brackets = JSON.stringify(`"\\${'['.repeat(1000)}`);

    expect(parseFrame(brackets)).toEqual({ single: JSON.parse(brackets) });
  });

  it('is the same value that JSON.parse gives, for every JSON within the limits', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!Array.isArray(value));

        expect(parseFrame(text)).toEqual({ single: JSON.parse(text) });
      }),
    );
  });

  it('fails only with a ProtocolError, for every text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        refusal(() => parseFrame(text));
      }),
    );
  });
});

describe('a command', () => {
  const publish = { action: 'publish', channel: 'open:a' };

  it('keeps the fields of its schema and drops the rest', () => {
    const candidate = { action: 'subscribe', channel: 'open:a', id: 1, user: 'forged', from: 'forged' };

    expect(parseCommand(candidate)).toEqual({ action: 'subscribe', channel: 'open:a', id: 1 });
  });

  it.each([null, 7, 'x', [], {}, { action: 1 }, { action: null }, { action: {} }])(
    'without a string action is a bad request: %j',
    (candidate) => {
      expect(refusal(() => parseCommand(candidate))).toBe('bad-request');
    },
  );

  it.each(['nope', '', '$connect', '__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'with the action %j is an unknown action',
    (action) => {
      expect(refusal(() => parseCommand({ action }))).toBe('unknown-action');
    },
  );

  it.each([
    undefined,
    null,
    7,
    '',
    'a',
    ':a',
    'a:',
    'a b:c',
    'a:b c',
    '@other',
    'open:ä',
    `open:${'x'.repeat(160)}`,
  ])('with the channel %j is a bad request', (channel) => {
    expect(refusal(() => parseCommand({ action: 'subscribe', channel }))).toBe('bad-request');
  });

  it.each(['@all', '@user:ann', 'open:a', 'open:a:b/c;d=e@f,g.h-i_j', `open:${'x'.repeat(159)}`])(
    'may name the channel %j',
    (channel) => {
      expect(parseCommand({ action: 'subscribe', channel })).toMatchObject({ channel });
    },
  );

  it.each([{}, [], true, null, 'x'.repeat(ID_LENGTH + 1), Number.POSITIVE_INFINITY])(
    'with the id %j is a bad request',
    (id) => {
      expect(refusal(() => parseCommand({ action: 'ping', id }))).toBe('bad-request');
    },
  );

  it.each([0, -1.5, '', 'x'.repeat(ID_LENGTH)])('may have the id %j', (id) => {
    expect(parseCommand({ action: 'ping', id })).toMatchObject({ id });
  });

  it.each([null, false, 0, '', [], {}, 'text'])('publishes the data %j', (data) => {
    expect(parseCommand({ ...publish, data })).toEqual({ ...publish, data });
  });

  it.each(['\ud800', 'a\udc00'])('refuses a key that is half a character: %j', (key) => {
    expect(refusal(() => parseCommand({ ...publish, data: 1, key }))).toBe('bad-request');
    expect(refusal(() => parseCommand({ ...publish, messages: [{ data: 1, key }] }))).toBe('bad-request');
    expect(parseCommand({ ...publish, data: 1, key: '💥' })).toMatchObject({ key: '💥' });
  });

  it('publishes either data or messages', () => {
    const messages = [{ data: 1 }];

    expect(parseCommand({ ...publish, messages })).toEqual({ ...publish, messages });
    expect(refusal(() => parseCommand(publish))).toBe('bad-request');
    expect(refusal(() => parseCommand({ ...publish, data: 1, messages }))).toBe('bad-request');
  });

  it.each([[[]], [{}], ['x'], [[1]], [[{}]], [[{ data: 1 }, { key: 'k' }]]])(
    'with the messages %j is a bad request',
    (messages) => {
      expect(refusal(() => parseCommand({ ...publish, messages }))).toBe('bad-request');
    },
  );

  it('publishes the most messages that are allowed and not one more', () => {
    const messages = (count: number) => Array.from({ length: count }, () => ({ data: 1 }));

    expect(
      refusal(() => parseCommand({ ...publish, messages: messages(MESSAGES_PER_PUBLISH) })),
    ).toBeUndefined();
    expect(refusal(() => parseCommand({ ...publish, messages: messages(MESSAGES_PER_PUBLISH + 1) }))).toBe(
      'bad-request',
    );
  });

  it('ignores a prototype key', () => {
    const candidate: unknown = JSON.parse('{"action":"subscribe","__proto__":{"channel":"open:a"}}');

    expect(refusal(() => parseCommand(candidate))).toBe('bad-request');
  });

  it('fails only with a ProtocolError, for every value', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (candidate) => {
        refusal(() => parseCommand(candidate));
      }),
    );
  });
});

describe('the echo of a refused command', () => {
  it('repeats its id and its action', () => {
    expect(echoOf({ id: 7, action: 'nope' })).toEqual({ id: 7, action: 'nope' });
  });

  it('repeats nothing that is not an id or an action', () => {
    expect(echoOf({ id: {}, action: 5 })).toEqual({});
    expect(echoOf(null)).toEqual({});
  });

  it('does not repeat an action that could not be a typing mistake', () => {
    expect(echoOf({ action: 'x'.repeat(1000) })).toEqual({});
  });
});
