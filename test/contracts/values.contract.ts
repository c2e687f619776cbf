/** The contract of the values of channels. It runs in memory and on each DynamoDB API. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { LogStore, MessageRecord } from '../../lambdas/realtime/log/log-store.ts';
import type { Kept, Setting, ValueRecord, ValueStore } from '../../lambdas/realtime/log/value-store.ts';
import { collect } from '../memory/memory-ports.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const HOUR = 60 * 60 * 1000;
const KEPT: Kept = { retentionMs: 24 * HOUR, keptMs: 48 * HOUR, now: NOW };
const WRITTEN = { kind: 'written' };
const SEALED = { kind: 'sealed' };
const OVERTAKEN = { kind: 'overtaken' };

let counter = 0;

function valueFixture(seq: number, name: string, more: Partial<ValueRecord> = {}): ValueRecord {
  return { seq, name, data: { number: seq }, time: NOW, ...more };
}

const removal = (seq: number, name: string) => valueFixture(seq, name, { data: null, removed: true });

export function valuesContract(
  name: string,
  create: () => Promise<{ readonly channelLog: LogStore; readonly values: ValueStore }>,
): void {
  describe(`values in ${name}`, () => {
    let log: LogStore;
    let values: ValueStore;
    let channel: string;

    beforeEach(async () => {
      ({ channelLog: log, values } = await create());
      counter += 1;
      channel = `open:values-${counter}`;
    });

    const records = () => collect(log.read(channel, { from: 0, to: Number.MAX_SAFE_INTEGER }));
    const rows = async () => (await values.page(channel, '', 1_000)).values;
    const set = (record: ValueRecord, more: Omit<Setting, 'record'> & { readonly at?: number } = {}) => {
      const { at = NOW, ...condition } = more;
      return values.write(channel, [record], [{ record, ...condition }], { ...KEPT, now: at });
    };

    it('are written together with the log', async () => {
      const one = valueFixture(1, 'a', { from: 'ann', data: { text: 'naïve 日本語 🎺\n' } });

      expect(await set(one)).toEqual(WRITTEN);

      expect(await rows()).toEqual([one]);
      expect(await records()).toEqual([one]);
    });

    it('are those of the messages that become values, and the log has all messages of a batch', async () => {
      const batch: MessageRecord[] = [
        valueFixture(1, 'a'),
        { seq: 2, data: 'no value', time: NOW },
        valueFixture(3, 'a'),
        removal(4, 'b'),
      ];
      const settings = [{ record: valueFixture(3, 'a') }, { record: removal(4, 'b') }];

      expect(await values.write(channel, batch, settings, KEPT)).toEqual(WRITTEN);

      expect(await records()).toEqual(batch);
      expect(await rows()).toEqual([valueFixture(3, 'a'), removal(4, 'b')]);
    });

    it('are not written if the number was sealed', async () => {
      await log.seal(channel, { seq: 1, void: true, time: NOW }, KEPT);

      expect(await set(valueFixture(1, 'a'))).toEqual(SEALED);
      expect(await rows()).toEqual([]);
    });

    it('do not become older, and then nothing is written', async () => {
      await set(valueFixture(5, 'a'));

      expect(await set(valueFixture(4, 'a'))).toEqual(OVERTAKEN);
      expect(await set(valueFixture(3, 'b'))).toEqual(WRITTEN);

      expect((await rows()).map(({ seq }) => seq)).toEqual([5, 3]);
      expect((await records()).map(({ seq }) => seq)).toEqual([3, 5]);
    });

    it('are written all or none', async () => {
      await set(valueFixture(5, 'b'));
      const batch = [valueFixture(3, 'a'), valueFixture(4, 'b')];

      expect(
        await values.write(
          channel,
          batch,
          batch.map((record) => ({ record })),
          KEPT,
        ),
      ).toEqual(OVERTAKEN);
      expect(await rows()).toEqual([valueFixture(5, 'b')]);
    });

    it('do not come back after a later removal', async () => {
      await set(valueFixture(1, 'a'));
      await set(removal(3, 'a'));

      expect(await set(valueFixture(2, 'a'))).toEqual(OVERTAKEN);
      expect(await rows()).toEqual([removal(3, 'a')]);
    });

    it('change with ifSeq from the named message only', async () => {
      await set(valueFixture(1, 'a'));

      expect(await set(valueFixture(2, 'a'), { ifSeq: 7 })).toEqual({
        kind: 'conflict',
        seq: 2,
        current: valueFixture(1, 'a'),
      });
      expect(await set(valueFixture(3, 'a'), { ifSeq: 1 })).toEqual(WRITTEN);
      expect(await set(valueFixture(4, 'a'), { ifSeq: 1 })).toEqual({
        kind: 'conflict',
        seq: 4,
        current: valueFixture(3, 'a'),
      });
      expect(await set(valueFixture(5, 'never set'), { ifSeq: 1 })).toEqual({
        kind: 'conflict',
        seq: 5,
        current: undefined,
      });
    });

    it('are claimed with ifSeq 0 if the name was never set, was removed, or has expired', async () => {
      expect(await set(valueFixture(1, 'a'), { ifSeq: 0 })).toEqual(WRITTEN);
      expect(await set(valueFixture(2, 'a'), { ifSeq: 0 })).toMatchObject({ kind: 'conflict' });
      await set(removal(3, 'a'));
      expect(await set(valueFixture(4, 'a'), { ifSeq: 0 })).toEqual(WRITTEN);

      const later = { at: NOW + 48 * HOUR };
      expect(await set(valueFixture(5, 'a'), { ifSeq: 4, ...later })).toEqual({
        kind: 'conflict',
        seq: 5,
        current: undefined,
      });
      expect(await set(valueFixture(6, 'a'), { ifSeq: 0, ...later })).toEqual(WRITTEN);
    });

    it('change with ifSeq from a removal that is named', async () => {
      await set(removal(3, 'a'));

      expect(await set(valueFixture(4, 'a'), { ifSeq: 2 })).toEqual({
        kind: 'conflict',
        seq: 4,
        current: undefined,
      });
      expect(await set(valueFixture(5, 'a'), { ifSeq: 3 })).toEqual(WRITTEN);
    });

    it('say which message of a batch has the conflict', async () => {
      await set(valueFixture(1, 'b'));
      const batch = [valueFixture(2, 'a'), valueFixture(3, 'b')];
      const settings = batch.map((record) => ({ record, ifSeq: 0 }));

      expect(await values.write(channel, batch, settings, KEPT)).toEqual({
        kind: 'conflict',
        seq: 3,
        current: valueFixture(1, 'b'),
      });
    });

    it('have one winner of many claims at once', async () => {
      const claims = Array.from({ length: 8 }, (_, index) => set(valueFixture(index + 1, 'a'), { ifSeq: 0 }));

      const outcomes = await Promise.all(claims);

      expect(outcomes.filter(({ kind }) => kind === 'written')).toHaveLength(1);
      expect(await records()).toEqual(await rows());
    });

    it('are as many as one publish has messages', async () => {
      const batch = Array.from({ length: 50 }, (_, index) =>
        valueFixture(index + 1, `name-${String(index).padStart(2, '0')}`, { data: 'x'.repeat(100) }),
      );
      const settings = batch.map((record) => ({ record, ifSeq: 0 }));

      expect(await values.write(channel, batch, settings, KEPT)).toEqual(WRITTEN);
      expect(await rows()).toEqual(batch);
    });

    it('are read in pages, in the order of the bytes of their names', async () => {
      const names = ['Z', 'a', 'a/b', 'aa', 'é', '日', '🎺'];
      for (const [index, each] of [...names].toReversed().entries()) await set(valueFixture(index + 1, each));
      const found: string[] = [];
      let after: string | undefined = '';
      while (after !== undefined) {
        const page: Awaited<ReturnType<ValueStore['page']>> = await values.page(channel, after, 2);
        expect(page.values.length).toBeLessThanOrEqual(2);
        found.push(...page.values.map((value) => value.name));
        after = page.next;
      }

      expect(found).toEqual(names);
    });

    it('belong to one channel', async () => {
      await set(valueFixture(1, 'a'));

      expect(await values.page(`${channel}-other`, '', 10)).toEqual({ values: [] });
    });

    it('come with heads that tell when they were raised, and where the last pause was', async () => {
      const raise = (minutes: number) => log.raise(channel, 2, NOW + minutes * 60_000, true);

      expect(await raise(0)).toMatchObject({ seq: NOW + 2, raisedAt: NOW, settled: NOW });
      expect(await raise(1)).toMatchObject({ seq: NOW + 4, raisedAt: NOW + 60_000, settled: NOW });
      expect(await raise(3)).toMatchObject({ seq: NOW + 6, raisedAt: NOW + 180_000, settled: NOW + 4 });
      expect(await log.head(channel)).toMatchObject({ raisedAt: NOW + 180_000, settled: NOW + 4 });
    });

    it('begin in a channel that was used before, from its head', async () => {
      const { seq } = await log.raise(channel, 1, NOW);

      expect(await log.raise(channel, 1, NOW, true)).toMatchObject({ seq: seq + 1, settled: seq });
    });
  });
}
