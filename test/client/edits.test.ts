/** Edits and deletions by the client library. */

import { deleteMessage, editMessage, messagesNow } from 'fanfare-client/edits';
import type { Message } from 'fanfare-protocol/message';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageList } from '../../packages/client/src/lib/stores/message-list.ts';
import { tries } from '../running/counts.ts';
import { connected, setUp } from './connected.ts';
import { settle } from './fake-clock.ts';
import { refusal, SILENCE } from './fake-server.ts';

const replied = { event: 'edited', seq: 9 };

describe('an edit', () => {
  it('sends the new data, and resolves with its number', async () => {
    const { server, connection } = await connected();
    server.script = () => replied;
    const chat = connection.channel<string>('open:x');

    expect(await editMessage(chat, 7, 'new', { key: 'k' })).toBe(9);
    expect(await deleteMessage(chat, 7)).toBe(9);

    expect(server.commandsOf('edit')).toMatchObject([
      { channel: 'open:x', seq: 7, data: 'new', key: 'k' },
      { channel: 'open:x', seq: 7, remove: true, key: expect.any(String) },
    ]);
  });

  it('is repeated under one key when the connection is lost', async () => {
    const { server, connection, clock } = setUp();
    server.script = () => SILENCE;
    const edited = editMessage(connection.channel('open:x'), 7, 'new');
    await settle();

    server.socket.cut();
    server.script = () => replied;
    await clock.pass(500);

    expect(await edited).toBe(9);
    const keys = server.commandsOf('edit').map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys).size).toBe(1);
  });

  it('rejects with the refusal of the server, and at once if it fits into no frame', async () => {
    const { server, connection } = await connected();
    server.script = () => refusal('not-found', 404);
    const chat = connection.channel('open:x');

    await expect(editMessage(chat, 7, 'new')).rejects.toMatchObject({ code: 'not-found' });
    await expect(editMessage(chat, 7, 'x'.repeat(40_000))).rejects.toMatchObject({ code: 'too-large' });
    expect(server.commandsOf('edit')).toHaveLength(1);
  });
});

/** What happens to one message: edits, and at last perhaps its deletion. */
const history = fc.array(
  fc.record({ edits: fc.integer({ min: 0, max: 3 }), isDeleted: fc.boolean(), isReadLate: fc.boolean() }),
  { maxLength: 5 },
);

/** A message as a reader is told of it. */
const messageOf = (message: Omit<Message, 'time' | 'removed'>, isRemoved = false): Message => ({
  ...message,
  time: 1,
  ...(isRemoved && { data: null, removed: true }),
});

interface Known {
  /** The messages as they end. */
  readonly now: readonly (readonly [seq: number, data: unknown, edited: number | undefined])[];
  /** Everything that a reader may be told, each perhaps as it was before an edit. */
  readonly told: readonly Message[];
}

function knownOf(all: readonly { edits: number; isDeleted: boolean; isReadLate: boolean }[]): Known {
  const told: Message[] = [];
  const now: [number, unknown, number | undefined][] = [];
  for (const [index, { edits, isDeleted, isReadLate }] of all.entries()) {
    const seq = 10 * (index + 1);
    const count = edits + (isDeleted ? 1 : 0);
    const changes = Array.from({ length: count }, (_, edit) => {
      const number = seq + 1 + edit;
      return messageOf({ seq: number, replaces: seq, data: number }, isDeleted && edit === edits);
    });
    const edited = changes.at(-1)?.seq;
    const data = edited ?? seq;
    const newest = messageOf({ seq, data, ...(edited !== undefined && { edited }) }, isDeleted);
    told.push(isReadLate ? newest : messageOf({ seq, data: seq }), ...changes);
    if (!isDeleted) now.push([seq, data, edited]);
  }
  return { now, told };
}

const inAnyOrder = history
  .map(knownOf)
  .chain((known) =>
    fc.tuple(
      fc.constant(known),
      fc.shuffledSubarray([...known.told, ...known.told], { minLength: 2 * known.told.length }),
    ),
  );

describe('in any order of arrival', () => {
  const runs = { numRuns: tries({ short: 200, long: 20_000 }) };

  it('messagesNow has each message with its newest data, and no deleted one', () => {
    fc.assert(
      fc.property(inAnyOrder, ([{ now }, order]) => {
        expect(messagesNow(order).map(({ seq, data, edited }) => [seq, data, edited])).toEqual(now);
      }),
      runs,
    );
  });

  it('the list of the hooks has the same rows', () => {
    fc.assert(
      fc.property(inAnyOrder, ([{ now }, order]) => {
        const list = new MessageList();
        for (const message of order) list.received(message);

        expect(list.rows.map(({ seq, data, edited }) => [seq, data, edited])).toEqual(now);
      }),
      runs,
    );
  });
});

describe('the list of the hooks', () => {
  it('keeps the edit of an own message that comes before its acknowledgement', () => {
    const list = new MessageList();
    list.sending('own', 'hello');
    list.received({ seq: 8, replaces: 7, data: 'hello, all', time: 2 });
    list.acknowledged('own', 7);
    list.received({ seq: 7, data: 'hello', from: 'me', time: 1 });

    expect(list.rows).toMatchObject([{ key: 'own', seq: 7, data: 'hello, all', edited: 8, from: 'me' }]);
  });

  it('takes no row of an own message that is being sent for an edit with the same data', () => {
    const list = new MessageList();
    list.received({ seq: 7, data: 'hello', time: 1 });
    list.sending('own', 'bye');
    list.received({ seq: 8, replaces: 7, data: 'bye', time: 2 });

    expect(list.rows.map(({ data, status }) => [data, status])).toEqual([
      ['bye', 'sent'],
      ['bye', 'sending'],
    ]);
  });

  it('forgets the oldest of more than 1,000 edits of messages that it does not have', () => {
    const list = new MessageList();
    for (let seq = 1; seq <= 1_001; seq++)
      list.received({ seq: 10_000 + seq, replaces: seq, data: 'new', time: 1 });
    for (const seq of [1, 2]) list.received({ seq, data: 'old', time: 1 });

    expect(list.rows.map(({ data }) => data)).toEqual(['old', 'new']);
  });

  it('shows a deleted message again only if an older page of it says that it was not deleted', () => {
    const list = new MessageList();
    list.received({ seq: 7, data: 'old', time: 1 });
    list.received({ seq: 9, replaces: 7, data: null, removed: true, time: 2 });
    expect(list.rows).toEqual([]);

    list.trim(0);
    list.received({ seq: 7, data: null, removed: true, edited: 9, time: 1 });

    expect(list.rows).toEqual([]);
  });

  it('shows the removal of a value as before, which deletes no message', () => {
    const list = new MessageList();
    list.received({ seq: 7, data: null, name: 'a', removed: true, time: 1 });

    expect(list.rows).toHaveLength(1);
  });
});
