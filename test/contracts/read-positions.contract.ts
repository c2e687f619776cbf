/** How every implementation keeps read positions; run on memory and on each DynamoDB API there is. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { Reader, ReadPositionStore } from '../../lambdas/realtime/log/read-position.ts';

const EXPIRES_AT = Date.UTC(2100) / 1000;
const START = Date.UTC(2026, 10, 22, 12);

let counter = 0;

export function readPositionsContract(
  name: string,
  create: () => Promise<{ readPositions: ReadPositionStore }>,
): void {
  describe(`read positions in ${name}`, () => {
    let positions: ReadPositionStore;
    let ann: Reader;

    beforeEach(async () => {
      ({ readPositions: positions } = await create());
      counter += 1;
      ann = { user: `ann${counter}`, channel: 'chat:room' };
    });

    const advance = (seq: number, reader = ann) => positions.advance(reader, seq, EXPIRES_AT);

    it('are undefined for a channel that the user never marked', async () => {
      expect(await positions.read(ann)).toBeUndefined();
    });

    it('are known as soon as they are marked', async () => {
      for (let seq = START; seq < START + 20; seq++) {
        expect(await advance(seq)).toBe(seq);
        expect(await positions.read(ann)).toBe(seq);
      }
    });

    it('start anew at any number when they are forgotten, and other users keep theirs', async () => {
      const bob = { ...ann, user: `bob${counter}` };
      await Promise.all([advance(START + 7), advance(START + 7, bob)]);

      await positions.forget(ann);
      await positions.forget(ann);

      expect(await positions.read(ann)).toBeUndefined();
      expect(await positions.read(bob)).toBe(START + 7);
      expect(await advance(START + 1)).toBe(START + 1);
    });

    it('only move forward, and answer a lower mark with the current position', async () => {
      await advance(START + 7);

      expect(await advance(START + 3)).toBe(START + 7);
      expect(await advance(START + 7)).toBe(START + 7);
      expect(await positions.read(ann)).toBe(START + 7);
      expect(await advance(START + 8)).toBe(START + 8);
    });

    it('accept every number from the first to the largest safe integer', async () => {
      expect(await advance(0)).toBe(0);
      expect(await positions.read(ann)).toBe(0);
      expect(await advance(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
      expect(await advance(START)).toBe(Number.MAX_SAFE_INTEGER);
    });

    it('end at the highest of concurrent marks, and answer each mark with at least its own number', async () => {
      const marks = Array.from({ length: 20 }, (_, n) => START + ((n * 7) % 20));

      const answers = await Promise.all(marks.map((seq) => advance(seq)));

      expect(await positions.read(ann)).toBe(START + 19);
      expect(marks.filter((seq, n) => (answers[n] ?? 0) < seq)).toEqual([]);
    });

    it('belong to one user in one channel, for all names of the two', async () => {
      const readers = ['ann', 'ann ', 'auth0|ann', 'anné', 'ANN', 'ann#chat'].flatMap((user) =>
        ['chat:a', 'chat:b', '@user:ann', '@all'].map((channel) => ({ user: user + counter, channel })),
      );
      for (const [n, reader] of readers.entries()) await advance(n, reader);

      const found = await Promise.all(readers.map((reader) => positions.read(reader)));

      expect(found).toEqual(readers.map((_, n) => n));
    });
  });
}
