/** The contract of the turns of packed channels. It runs in memory and on each DynamoDB API. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { LogStore } from '../../lambdas/realtime/log/log-store.ts';
import type { TurnStore } from '../../lambdas/realtime/log/turn-store.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

let counter = 0;

interface Stores {
  readonly turns: TurnStore;
  readonly channelLog: LogStore;
}

export function turnsContract(name: string, create: () => Promise<Stores>): void {
  describe(`turns in ${name}`, () => {
    let turns: TurnStore;
    let channelLog: LogStore;
    let channel: string;

    beforeEach(async () => {
      ({ turns, channelLog } = await create());
      counter += 1;
      channel = `packed:turns${counter}`;
    });

    const take = (worker: string, now = NOW) => turns.take(channel, { worker, until: now + 1_000 }, now);

    it('know nothing of a channel without a message, and give no turn of it', async () => {
      expect(await turns.look(channel)).toBeUndefined();
      expect(await take('one')).toBeUndefined();
      expect(await channelLog.head(channel)).toBeUndefined();
    });

    it('have the head, and nothing is delivered at first', async () => {
      const { seq, createdAt } = await channelLog.raise(channel, 3, NOW);

      expect(await turns.look(channel)).toEqual({ seq, createdAt, shardCount: 1 });
      expect(await take('one')).toEqual({ seq, createdAt, shardCount: 1 });
    });

    it('are of one worker, until it has finished', async () => {
      const { seq } = await channelLog.raise(channel, 1, NOW);
      await take('one');

      expect(await take('other')).toBeUndefined();

      await turns.finish(channel, 'one', seq);
      expect(await take('other')).toMatchObject({ seq, delivered: seq });
    });

    it('may be taken again by the same worker, whose first answer was lost', async () => {
      await channelLog.raise(channel, 1, NOW);
      await take('one');

      expect(await take('one')).toBeDefined();
    });

    it('may be taken by another worker when their time is over', async () => {
      await channelLog.raise(channel, 1, NOW);
      await take('one');

      expect(await take('other', NOW + 999)).toBeUndefined();
      expect(await take('other', NOW + 1_000)).toBeDefined();
    });

    it('that were taken by another worker change nothing', async () => {
      const { seq } = await channelLog.raise(channel, 5, NOW);
      await take('one');
      await take('other', NOW + 1_000);
      await turns.finish(channel, 'other', seq);

      await turns.finish(channel, 'one', seq - 3);

      expect(await turns.look(channel)).toMatchObject({ delivered: seq });
    });

    it('do not change with later messages, and leave the head as it is', async () => {
      const { seq } = await channelLog.raise(channel, 1, NOW);
      await take('one');
      await turns.finish(channel, 'one', seq);

      await channelLog.raise(channel, 2, NOW + 5);

      expect(await turns.look(channel)).toMatchObject({ seq: seq + 2, delivered: seq });
      expect(await channelLog.head(channel)).toEqual({ seq: seq + 2, createdAt: NOW, shardCount: 1 });
    });
  });
}
