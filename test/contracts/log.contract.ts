/** The contract of channel logs. It runs in memory and on each DynamoDB API. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { ShardStore } from '../../lambdas/realtime/connections/shard-store.ts';
import type {
  Entry,
  Landing,
  LogStore,
  MessageRecord,
  SealedRecord,
} from '../../lambdas/realtime/log/log-store.ts';
import type { Sender } from '../../lambdas/realtime/log/sender.ts';
import { collect } from '../memory/memory-ports.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const RETENTION = { retentionMs: 24 * 60 * 60 * 1000 };

let counter = 0;

function messageFixture(seq: number, more: Partial<MessageRecord> = {}): MessageRecord {
  return { seq, data: { number: seq }, time: NOW, ...more };
}

const ANN: Sender = { kind: 'user', id: 'ann' };

const entry = (seq: number, key?: string, sender = ANN): Entry => ({
  record: messageFixture(seq),
  ...(key !== undefined && { key: { sender, key } }),
});

/** Of a message that was written alone. */
const alone = (seq: number): Landing => ({ seq, batch: { from: seq, to: seq } });

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
    const written = { kind: 'written' };

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

      expect(await log.write(channel, [{ record }], RETENTION)).toEqual(written);

      expect(await records()).toEqual([record]);
    });

    it('does not write to a number that is taken', async () => {
      await log.write(channel, [entry(1)], RETENTION);

      expect(await log.write(channel, [{ record: messageFixture(1, { data: 'other' }) }], RETENTION)).toEqual(
        {
          kind: 'taken',
        },
      );
      expect(await records()).toEqual([messageFixture(1)]);
    });

    it('writes several entries, or none if one number is taken', async () => {
      expect(await log.write(channel, [entry(1), entry(2), entry(3)], RETENTION)).toEqual(written);
      expect(await log.write(channel, [entry(4), entry(3), entry(5)], RETENTION)).toEqual({ kind: 'taken' });

      expect((await records()).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    });

    it('writes as many entries as one publish has, all with keys', async () => {
      const entries = Array.from({ length: 50 }, (_, index) => entry(index + 1, `key-${index}`));

      expect(await log.write(channel, entries, RETENTION)).toEqual(written);
      expect(await records()).toHaveLength(50);
    });

    it('writes a key once, and returns the number of its message', async () => {
      await log.write(channel, [entry(1, 'a')], RETENTION);

      expect(await log.write(channel, [entry(2, 'a')], RETENTION)).toEqual({
        kind: 'duplicate',
        landed: new Map([['a', alone(1)]]),
      });
      expect((await records()).map(({ seq }) => seq)).toEqual([1]);
    });

    it('writes nothing of a batch in which one key is known', async () => {
      await log.write(channel, [entry(1, 'a')], RETENTION);

      expect(await log.write(channel, [entry(2, 'b'), entry(3, 'a')], RETENTION)).toMatchObject({
        kind: 'duplicate',
      });
      expect(await log.write(channel, [entry(2, 'b')], RETENTION)).toEqual(written);
    });

    it('returns the numbers that were written together with a key', async () => {
      await log.write(channel, [entry(1), entry(2, 'a'), entry(3, 'b')], RETENTION);

      const batch = { from: 1, to: 3 };
      expect(await log.write(channel, [entry(4, 'b'), entry(5, 'c'), entry(6, 'a')], RETENTION)).toEqual({
        kind: 'duplicate',
        landed: new Map([
          ['b', { seq: 3, batch }],
          ['a', { seq: 2, batch }],
        ]),
      });
    });

    it.each<[string, Sender, string]>([
      ['another user', { kind: 'user', id: 'bob' }, 'a'],
      ['a server of the same name', { kind: 'server', id: 'ann' }, 'a'],
      ['a user whose name looks like the rest of it', { kind: 'user', id: 'ann","a' }, ''],
      ['the sender of events', { kind: 'events', id: '' }, 'a'],
    ])('knows a key of its own sender only, and not that of %s', async (_who, other, key) => {
      await log.write(channel, [entry(1, 'a')], RETENTION);

      expect(await log.write(channel, [entry(2, key, other)], RETENTION)).toEqual(written);
      expect(await log.write(channel, [entry(3, 'a')], RETENTION)).toEqual({
        kind: 'duplicate',
        landed: new Map([['a', alone(1)]]),
      });
    });

    it('knows a key on its own channel only', async () => {
      await log.write(channel, [entry(1, 'a')], RETENTION);

      expect(await log.write(`${channel}:other`, [entry(1, 'a')], RETENTION)).toEqual(written);
    });

    it('forgets a key after ten minutes and not before', async () => {
      await log.write(channel, [entry(1, 'a')], RETENTION);
      const later = (seq: number, minutes: number): Entry => ({
        record: messageFixture(seq, { time: NOW + minutes * 60_000 }),
        key: { sender: ANN, key: 'a' },
      });

      expect(await log.write(channel, [later(2, 9)], RETENTION)).toMatchObject({ kind: 'duplicate' });
      expect(await log.write(channel, [later(2, 11)], RETENTION)).toEqual(written);
    });

    it('lets one of many writers of one key win, and gives its number to the others', async () => {
      const attempts = Array.from({ length: 8 }, (_, index) =>
        log.write(channel, [entry(index + 1, 'a')], RETENTION),
      );

      const outcomes = await Promise.all(attempts);

      const [winner] = await records();
      expect(await records()).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'written')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'duplicate')).toEqual(
        Array.from({ length: 7 }, () => ({
          kind: 'duplicate',
          landed: new Map([['a', alone(winner?.seq ?? 0)]]),
        })),
      );
    });

    it('seals a free number for ever', async () => {
      expect(await log.seal(channel, sealed(5), RETENTION)).toEqual(sealed(5));

      expect(await log.write(channel, [entry(5)], RETENTION)).toEqual({ kind: 'taken' });
      expect(await log.seal(channel, { ...sealed(5), time: NOW + 1 }, RETENTION)).toEqual(sealed(5));
      expect(await records()).toEqual([sealed(5)]);
    });

    it('returns the message when a seal comes too late', async () => {
      await log.write(channel, [entry(5)], RETENTION);

      expect(await log.seal(channel, sealed(5), RETENTION)).toEqual(messageFixture(5));
    });

    it('lets either the writer or the reader win a number, never both', async () => {
      const numbers = Array.from({ length: 30 }, (_, index) => index + 1);

      const outcomes = await Promise.all(
        numbers.map((seq) =>
          Promise.all([
            log.write(channel, [entry(seq)], RETENTION),
            log.seal(channel, sealed(seq), RETENTION),
          ]),
        ),
      );

      const stands = await records();
      for (const [index, [write, seal]] of outcomes.entries()) {
        expect(seal).toEqual(stands[index]);
        expect(write.kind).toBe('void' in seal ? 'taken' : 'written');
      }
    });

    it('reads a range in either direction, from both ends inclusive', async () => {
      for (const seq of [1, 2, 3, 5, 6]) await log.write(channel, [entry(seq)], RETENTION);

      const read = async (range: { from: number; to: number; newestFirst?: boolean }) =>
        (await collect(log.read(channel, range))).map(({ seq }) => seq);
      expect(await read({ from: 2, to: 5 })).toEqual([2, 3, 5]);
      expect(await read({ from: 2, to: 5, newestFirst: true })).toEqual([5, 3, 2]);
      expect(await read({ from: 4, to: 4 })).toEqual([]);
      expect(await read({ from: 5, to: 4 })).toEqual([]);
    });

    it('sorts numbers by value, also where the count of digits changes', async () => {
      for (const seq of [9, 10, 99, 100]) await log.write(channel, [entry(seq)], RETENTION);

      expect((await records()).map(({ seq }) => seq)).toEqual([9, 10, 99, 100]);
    });

    it('reads more than one page', async () => {
      const data = 'x'.repeat(100_000);
      for (let seq = 1; seq <= 25; seq++) {
        await log.write(channel, [{ record: messageFixture(seq, { data }) }], RETENTION);
      }

      expect((await records()).map(({ seq }) => seq)).toEqual(
        Array.from({ length: 25 }, (_, index) => index + 1),
      );
    });
  });
}
