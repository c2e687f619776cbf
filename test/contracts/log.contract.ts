/** The contract of channel logs. It runs in memory and on each DynamoDB API. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { ShardStore } from '../../lambdas/realtime/connections/shard-store.ts';
import type {
  Batch,
  EditRecord,
  LogRecord,
  LogStore,
  MessageRecord,
  Pointer,
  Pointing,
  Range,
  SealedRecord,
} from '../../lambdas/realtime/log/log-store.ts';
import type { Sender, SenderKey } from '../../lambdas/realtime/log/sender.ts';
import { collect } from '../memory/memory-ports.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const RETENTION = { retentionMs: 24 * 60 * 60 * 1000 };

let counter = 0;

function messageFixture(seq: number, more: Partial<MessageRecord> = {}): MessageRecord {
  return { seq, data: { number: seq }, time: NOW, ...more };
}

const ANN: Sender = { kind: 'user', id: 'ann' };

const keyOf = (key: string, sender = ANN): SenderKey => ({ sender, key });

/** A key points at a number of a batch, which is that number alone by default. */
function pointing(key: string, seq: number, more: Partial<Pointing> = {}): Pointing {
  return { key: keyOf(key), seq, batch: alone(seq), time: NOW, voidBatches: [], ...more };
}

const alone = (seq: number): Batch => ({ from: seq, to: seq });

const pointer = (seq: number, batch = alone(seq)): Pointer => ({ seq, batch });

const sealed = (seq: number): SealedRecord => ({ seq, void: true, time: NOW });

/** The log, and the shards whose number its heads contain. */
export interface Logged {
  readonly channelLog: LogStore;
  readonly shards: ShardStore;
}

export function logContract(name: string, create: () => Promise<Logged>): void {
  describe(`the channel log in ${name}`, () => {
    let log: LogStore;
    let shards: ShardStore;
    let channel: string;

    beforeEach(async () => {
      ({ channelLog: log, shards } = await create());
      counter += 1;
      channel = `open:log-${counter}`;
    });

    const everything = { from: 0, to: Number.MAX_SAFE_INTEGER };
    const records = () => collect(log.read(channel, everything));
    const write = (...seqs: number[]) =>
      log.write(
        channel,
        seqs.map((seq) => messageFixture(seq)),
        RETENTION,
      );
    const numbersIn = async (range: Range) => (await collect(log.read(channel, range))).map(({ seq }) => seq);

    it('returns the void numbers that were left at the head with each later raise', async () => {
      const { seq } = await log.raise(channel, 2, NOW);
      const left = { from: seq - 1, to: seq };

      expect(await log.leave(channel, left)).toBe(true);

      expect(await log.raise(channel, 1, NOW)).toMatchObject({ seq: seq + 1, left });
      expect(await log.raise(channel, 1, NOW)).toMatchObject({ seq: seq + 2, left });
    });

    it('takes no void numbers behind which the head was raised, or of a channel without a head', async () => {
      const { seq } = await log.raise(channel, 1, NOW);
      await log.raise(channel, 1, NOW);

      expect(await log.leave(channel, { from: seq, to: seq })).toBe(false);
      expect(await log.leave(`${channel}-unused`, { from: seq, to: seq })).toBe(false);
      expect(await log.raise(channel, 1, NOW)).not.toHaveProperty('left');
      expect(await log.head(`${channel}-unused`)).toBeUndefined();
    });

    it('notes in the row of a key that its batch was sent, until the key points elsewhere', async () => {
      const rowOf = async (name: string) => (await log.pointers(channel, [keyOf(name)], NOW)).get(name);
      await log.point(channel, pointing('k', 7));
      await log.point(channel, pointing('l', 8));
      expect(await rowOf('k')).not.toHaveProperty('isSent');

      await log.markSent(channel, keyOf('k'));

      expect(await rowOf('k')).toEqual({ ...pointer(7), isSent: true });
      expect(await log.point(channel, pointing('k', 9))).toEqual({ ...pointer(7), isSent: true });
      expect(await rowOf('l')).toEqual(pointer(8));
      await log.point(channel, pointing('k', 9, { voidBatches: [7] }));
      expect(await rowOf('k')).toEqual(pointer(9));
    });

    it('notes nothing for a key that has no row', async () => {
      await log.markSent(channel, keyOf('never used'));

      expect(await log.pointers(channel, [keyOf('never used')], NOW)).toEqual(new Map());
    });

    it('has no head for a channel in which nothing was published', async () => {
      expect(await log.head(channel)).toBeUndefined();
    });

    it('counts from the time of creation', async () => {
      expect(await log.raise(channel, 1, NOW)).toEqual({ seq: NOW + 1, createdAt: NOW, shardCount: 1 });
      expect(await log.raise(channel, 3, NOW + 5000)).toEqual({
        seq: NOW + 4,
        createdAt: NOW,
        shardCount: 1,
      });
      expect(await log.head(channel)).toEqual({ seq: NOW + 4, createdAt: NOW, shardCount: 1 });
    });

    it('returns the number of shards with every head', async () => {
      await log.raise(channel, 1, NOW);
      await shards.grow(channel, 1, 4);

      expect(await log.raise(channel, 1, NOW)).toEqual({ seq: NOW + 2, createdAt: NOW, shardCount: 4 });
      expect(await log.head(channel)).toMatchObject({ shardCount: 4 });
    });

    it('has no head for a channel that only has shards, and keeps these when the head begins', async () => {
      await shards.grow(channel, 1, 2);

      expect(await log.head(channel)).toBeUndefined();
      expect(await log.raise(channel, 1, NOW)).toEqual({ seq: NOW + 1, createdAt: NOW, shardCount: 2 });
    });

    it('gives each of many writers a number of its own', async () => {
      const heads = await Promise.all(Array.from({ length: 40 }, () => log.raise(channel, 1, NOW)));

      expect(heads.map(({ seq }) => seq).toSorted()).toEqual(
        Array.from({ length: 40 }, (_, index) => NOW + index + 1),
      );
    });

    it.each([
      ['an object', { a: [1, { b: null }], text: 'naïve 日本語 🎺' }],
      ['null', null],
      ['a number', -1.5e-7],
      ['an empty string', ''],
      ['false', false],
    ])('keeps data that is %s', async (_what, data) => {
      const record = messageFixture(7, { data, from: 'ann' });

      expect(await log.write(channel, [record], RETENTION)).toBe(true);

      expect(await records()).toEqual([record]);
    });

    it('does not write to a number that is taken', async () => {
      await write(1);

      expect(await log.write(channel, [messageFixture(1, { data: 'other' })], RETENTION)).toBe(false);
      expect(await records()).toEqual([messageFixture(1)]);
    });

    it('writes a batch, or none of it if its first number is taken', async () => {
      expect(await write(1, 2, 3)).toBe(true);
      await log.seal(channel, sealed(4), RETENTION);
      expect(await write(4, 5, 6)).toBe(false);

      expect(await records()).toEqual([...[1, 2, 3].map((seq) => messageFixture(seq)), sealed(4)]);
    });

    it('writes as many messages as one publish has, of any text and size', async () => {
      const batch = Array.from({ length: 50 }, (_, index) =>
        messageFixture(index + 1, { data: 'line\nbreak "quoted" \u2028 🎺'.repeat(index), from: 'ann' }),
      );

      expect(await log.write(channel, batch, RETENTION)).toBe(true);
      expect(await records()).toEqual(batch);
    });

    it('returns all messages of a batch when a seal comes too late', async () => {
      await write(5, 6, 7);

      expect(await log.seal(channel, sealed(5), RETENTION)).toEqual(
        [5, 6, 7].map((seq) => messageFixture(seq)),
      );
    });

    it.each<[range: Range, seqs: number[]]>([
      [{ from: 1, to: 9 }, [2, 3, 4, 5, 6, 7, 8]],
      [{ from: 3, to: 4 }, [3, 4]],
      [{ from: 4, to: 4 }, [4]],
      [{ from: 4, to: 7 }, [4, 5, 6, 7]],
      [{ from: 5, to: 5 }, [5]],
      [{ from: 9, to: 9 }, []],
      [{ from: 4, to: 9, most: 3 }, [4, 5, 6]],
      [{ from: 3, to: 9, fromBatchStart: true }, [5, 6, 7, 8]],
      [{ from: 4, to: 4, fromBatchStart: true }, []],
    ])('reads %j of batches of three numbers, one, and three', async (range, seqs) => {
      await write(2, 3, 4);
      await write(5);
      await write(6, 7, 8);

      expect(await numbersIn(range)).toEqual(seqs);
      const { most = seqs.length } = range;
      const all = await numbersIn({ ...range, most: 99 });
      expect(await numbersIn({ ...range, newestFirst: true })).toEqual(all.toReversed().slice(0, most));
    });

    it('reads from within the longest batch, and none that ends before the range', async () => {
      const batch = Array.from({ length: 50 }, (_, index) => 100 + index);
      await write(...batch);

      expect(await numbersIn({ from: 149, to: 200 })).toEqual([149]);
      expect(await numbersIn({ from: 149, to: 200, newestFirst: true })).toEqual([149]);
      expect(await numbersIn({ from: 150, to: 200 })).toEqual([]);
      expect(await numbersIn({ from: 150, to: 200, newestFirst: true })).toEqual([]);
    });

    it('points a key once, and returns where it points', async () => {
      const batch = { from: 1, to: 3 };

      expect(await log.point(channel, pointing('a', 2, { batch }))).toBeUndefined();

      expect(await log.point(channel, pointing('a', 4))).toEqual(pointer(2, batch));
      expect(await log.pointers(channel, [keyOf('a')], NOW)).toEqual(new Map([['a', pointer(2, batch)]]));
    });

    it('points a key elsewhere only from a batch that is void', async () => {
      const batch = { from: 1, to: 3 };
      await log.point(channel, pointing('a', 2, { batch }));

      expect(await log.point(channel, pointing('a', 4, { voidBatches: [2, 3] }))).toEqual(pointer(2, batch));
      expect(await log.point(channel, pointing('a', 4, { voidBatches: [9, 1] }))).toBeUndefined();
      expect(await log.point(channel, pointing('a', 5, { voidBatches: [9, 1] }))).toEqual(pointer(4));
    });

    it.each<[string, Sender, string]>([
      ['another user', { kind: 'user', id: 'bob' }, 'a'],
      ['a server of the same name', { kind: 'server', id: 'ann' }, 'a'],
      ['a user whose name looks like the rest of it', { kind: 'user', id: 'ann","a' }, ''],
      ['the sender of events', { kind: 'events', id: '' }, 'a'],
    ])('knows a key of its own sender only, and not that of %s', async (_who, other, key) => {
      await log.point(channel, pointing('a', 1));

      expect(await log.pointers(channel, [keyOf(key, other)], NOW)).toEqual(new Map());
      expect(await log.point(channel, pointing(key, 2, { key: keyOf(key, other) }))).toBeUndefined();
      expect(await log.point(channel, pointing('a', 3))).toEqual(pointer(1));
    });

    it('knows a key on its own channel only', async () => {
      await log.point(channel, pointing('a', 1));

      expect(await log.pointers(`${channel}:other`, [keyOf('a')], NOW)).toEqual(new Map());
      expect(await log.point(`${channel}:other`, pointing('a', 1))).toBeUndefined();
    });

    it('forgets a key after ten minutes and not before', async () => {
      await log.point(channel, pointing('a', 1));
      const later = (minutes: number) => pointing('a', 2, { time: NOW + minutes * 60_000 });

      expect(await log.point(channel, later(9))).toEqual(pointer(1));
      expect(await log.point(channel, later(11))).toBeUndefined();
    });

    it('finds the keys of a sender, and no others', async () => {
      await log.point(channel, pointing('a', 2));
      await log.point(channel, pointing('b', 3));

      expect(
        await log.pointers(
          channel,
          ['b', 'c', 'a'].map((key) => keyOf(key)),
          NOW,
        ),
      ).toEqual(
        new Map([
          ['a', pointer(2)],
          ['b', pointer(3)],
        ]),
      );
      expect(await log.pointers(channel, [], NOW)).toEqual(new Map());
    });

    it('finds a key for ten minutes', async () => {
      await log.point(channel, pointing('a', 1));
      const foundAfter = (ms: number) => log.pointers(channel, [keyOf('a')], NOW + ms);

      expect(await foundAfter(599_999)).toEqual(new Map([['a', pointer(1)]]));
      expect(await foundAfter(600_000)).toEqual(new Map());
    });

    it('lets one of many publishes of one key point it, and tells the others where', async () => {
      const attempts = Array.from({ length: 8 }, (_, index) => log.point(channel, pointing('a', index + 1)));

      const found = await Promise.all(attempts);

      const row = (await log.pointers(channel, [keyOf('a')], NOW)).get('a');
      expect(found.filter((before) => before === undefined)).toHaveLength(1);
      expect(found.filter((before) => before !== undefined)).toEqual(Array.from({ length: 7 }, () => row));
    });

    it('lets one of many publishes move a key from a void number', async () => {
      await log.point(channel, pointing('a', 1));
      const moves = Array.from({ length: 8 }, (_, index) =>
        log.point(channel, pointing('a', index + 2, { voidBatches: [1] })),
      );

      expect((await Promise.all(moves)).filter((before) => before === undefined)).toHaveLength(1);
    });

    it('seals a free number for ever', async () => {
      expect(await log.seal(channel, sealed(5), RETENTION)).toEqual([sealed(5)]);

      expect(await write(5)).toBe(false);
      expect(await log.seal(channel, { ...sealed(5), time: NOW + 1 }, RETENTION)).toEqual([sealed(5)]);
      expect(await records()).toEqual([sealed(5)]);
    });

    it('returns the message when a seal comes too late', async () => {
      await write(5);

      expect(await log.seal(channel, sealed(5), RETENTION)).toEqual([messageFixture(5)]);
    });

    it('lets either the writer or the reader win a number, never both', async () => {
      const numbers = Array.from({ length: 30 }, (_, index) => index + 1);

      const outcomes = await Promise.all(
        numbers.map((seq) => Promise.all([write(seq), log.seal(channel, sealed(seq), RETENTION)])),
      );

      const stands = await records();
      for (const [index, [isWritten, seal]] of outcomes.entries()) {
        expect(seal).toEqual([stands[index]]);
        expect(isWritten).toBe(!seal.some((record) => 'void' in record));
      }
    });

    describe('an edit', () => {
      const editFixture = (seq: number, replaces: number, more: Partial<EditRecord> = {}): EditRecord => ({
        ...messageFixture(seq, { data: `edit ${seq}` }),
        replaces,
        ...more,
      });

      /** Changes one message of a publish, as it is stored now or as it was found before. */
      async function edit(one: EditRecord, found?: readonly LogRecord[]) {
        const publish = found ?? (await log.publishOf(channel, one.replaces)) ?? [];
        const before = publish.filter((record) => 'data' in record);
        const { data, removed, seq } = one;
        const content = { data, edited: seq, ...(removed && { removed }) };
        const after = before.map((record) =>
          record.seq === one.replaces ? { ...record, ...content } : record,
        );
        return log.edit(channel, { edit: one, before, after }, RETENTION);
      }

      const deletion = (seq: number, replaces: number) =>
        editFixture(seq, replaces, { data: null, removed: true });

      it('stands at its number, and its content at the message that it replaces', async () => {
        await log.write(channel, [messageFixture(1, { from: 'ann' })], RETENTION);

        expect(await edit(editFixture(2, 1, { from: 'ann' }))).toBe('written');

        expect(await records()).toEqual([
          messageFixture(1, { from: 'ann', data: 'edit 2', edited: 2 }),
          editFixture(2, 1, { from: 'ann' }),
        ]);
      });

      it('of a message of a batch leaves the others', async () => {
        await write(1, 2, 3);

        await edit(editFixture(4, 2, { data: { line: 'a\nb' } }));
        await edit(deletion(5, 1));

        expect(await records()).toEqual([
          messageFixture(1, { data: null, removed: true, edited: 5 }),
          messageFixture(2, { data: { line: 'a\nb' }, edited: 4 }),
          messageFixture(3),
          editFixture(4, 2, { data: { line: 'a\nb' } }),
          deletion(5, 1),
        ]);
      });

      it('shows the newest content, also from a page without the message', async () => {
        await write(1, 2);
        await edit(editFixture(3, 2));
        await edit(editFixture(4, 2));
        await edit(editFixture(5, 1));

        expect(await collect(log.read(channel, { from: 3, to: 5 }))).toEqual([
          editFixture(3, 2, { data: 'edit 4' }),
          editFixture(4, 2),
          editFixture(5, 1),
        ]);
      });

      it('has no content any more when the message is deleted', async () => {
        await write(1);
        await edit(editFixture(2, 1));
        await edit(deletion(3, 1));

        expect(await collect(log.read(channel, { from: 2, to: 3 }))).toEqual([
          deletion(2, 1),
          deletion(3, 1),
        ]);
        expect(await log.seal(channel, sealed(2), RETENTION)).toEqual([deletion(2, 1)]);
      });

      it('is not written to a number that is sealed, and then the message stays as it is', async () => {
        await write(1);
        await log.seal(channel, sealed(2), RETENTION);

        expect(await edit(editFixture(2, 1))).toBe('sealed');
        expect(await records()).toEqual([messageFixture(1), sealed(2)]);
      });

      it('is not written into a publish that was changed since it was found', async () => {
        await write(1, 2);
        const found = await log.publishOf(channel, 1);
        await edit(editFixture(3, 2));

        expect(await edit(editFixture(4, 1), found)).toBe('changed');
        expect(await edit(editFixture(4, 1))).toBe('written');
        expect(await edit(editFixture(5, 1), found)).toBe('changed');
        expect(await edit(editFixture(5, 7), [messageFixture(7)])).toBe('changed');
      });

      it('wins or looks again, if eight are written at once', async () => {
        await write(1);
        const found = await log.publishOf(channel, 1);

        const outcomes = await Promise.all(
          Array.from({ length: 8 }, (_, index) => edit(editFixture(2 + index, 1), found)),
        );

        expect(outcomes.toSorted()).toEqual([...Array.from({ length: 7 }, () => 'changed'), 'written']);
        expect(await records()).toHaveLength(2);
      });

      it.each([1, 2, 3, 4, 6])('is found with number %i, or nothing is', async (seq) => {
        await write(1, 2);
        await edit(editFixture(3, 1));
        await log.seal(channel, sealed(4), RETENTION);
        const found = {
          1: [1, 2],
          2: [1, 2],
          3: [3],
          4: [4],
        }[seq];

        expect((await log.publishOf(channel, seq))?.map((record) => record.seq)).toEqual(found);
      });
    });

    it('reads a range in either direction, from both ends inclusive', async () => {
      for (const seq of [1, 2, 3, 5, 6]) await write(seq);

      const read = async (range: { from: number; to: number; newestFirst?: boolean }) =>
        (await collect(log.read(channel, range))).map(({ seq }) => seq);
      expect(await read({ from: 2, to: 5 })).toEqual([2, 3, 5]);
      expect(await read({ from: 2, to: 5, newestFirst: true })).toEqual([5, 3, 2]);
      expect(await read({ from: 4, to: 4 })).toEqual([]);
      expect(await read({ from: 5, to: 4 })).toEqual([]);
    });

    it('reads no more records than the reader takes, in either direction and over holes', async () => {
      for (const seq of [1, 2, 5, 6]) await write(seq);

      const read = async (range: Range) => (await collect(log.read(channel, range))).map(({ seq }) => seq);
      expect(await read({ from: 3, to: 9, most: 1 })).toEqual([5]);
      expect(await read({ from: 1, to: 9, most: 3 })).toEqual([1, 2, 5]);
      expect(await read({ from: 1, to: 9, most: 3, newestFirst: true })).toEqual([6, 5, 2]);
      expect(await read({ from: 3, to: 4, most: 1 })).toEqual([]);
    });

    it.each([0, 1, 200, 3_000, 1_000_000])(
      'reads everything that the reader takes, also beyond its room of %i bytes',
      async (bytes) => {
        const sizes = Array.from({ length: 60 }, (_, index) => (index % 7 === 0 ? 2_000 : index));
        for (const [index, size] of sizes.entries()) {
          const record = messageFixture(index + 1, { data: 'x'.repeat(size) });
          if (index !== 20) await log.write(channel, [record], RETENTION);
        }
        const expected = sizes.map((_, index) => index + 1).filter((seq) => seq !== 21);

        const read = async (newestFirst: boolean) =>
          (await collect(log.read(channel, { from: 1, to: 60, bytes, newestFirst }))).map(({ seq }) => seq);
        expect(await read(false)).toEqual(expected);
        expect(await read(true)).toEqual(expected.toReversed());
      },
    );

    it('sorts numbers by value, also where the count of digits changes', async () => {
      for (const seq of [9, 10, 99, 100]) await write(seq);

      expect((await records()).map(({ seq }) => seq)).toEqual([9, 10, 99, 100]);
    });

    it('reads more than one page', async () => {
      const data = 'x'.repeat(100_000);
      for (let seq = 1; seq <= 25; seq++) {
        await log.write(channel, [messageFixture(seq, { data })], RETENTION);
      }

      expect((await records()).map(({ seq }) => seq)).toEqual(
        Array.from({ length: 25 }, (_, index) => index + 1),
      );
    });
  });
}
