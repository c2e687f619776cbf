/** Two senders use the same keys on the same channel, in random orders and at once: neither can notice the other. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unmetered } from '../../../lambdas/realtime/access/meter.ts';
import { publishLogged } from '../../../lambdas/realtime/log/publish.ts';
import type { Sender } from '../../../lambdas/realtime/log/sender.ts';
import { collect, memoryPorts } from '../../memory/memory-ports.ts';

const CHANNEL = 'open:shared';
const RETENTION = { retentionMs: 3_600_000 };
/** The ids are the same, so that some senders differ only in their kinds. */
const senders: readonly Sender[] = [
  { kind: 'user', id: 'ann' },
  { kind: 'user', id: 'bob' },
  { kind: 'server', id: 'ann' },
  { kind: 'client', id: 'ann' },
];

const publication = fc.record({
  sender: fc.constantFrom(...senders),
  keys: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 }),
});
/** The messages of one list are published at once. The lists follow each other. */
const history = fc.array(fc.array(publication, { minLength: 1, maxLength: 4 }), { maxLength: 6 });

const dataOf = ({ kind, id }: Sender, key: string) => `${kind} ${id} ${key}`;

it('every first use of a key by a sender lands once, and every reply names the numbers of the sender itself', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const ports = memoryPorts();
      const log = { ports, channel: CHANNEL, retention: RETENTION };
      const replies: { readonly seq: number; readonly data: string }[] = [];
      for (const step of steps) {
        await Promise.all(
          step.map(async ({ sender, keys }) => {
            const drafts = keys.map((key) => ({ key, data: dataOf(sender, key) }));
            const seqs = await publishLogged(log, sender, drafts, unmetered);
            expect(seqs).toHaveLength(drafts.length);
            replies.push(...seqs.map((seq, index) => ({ seq, data: dataOf(sender, keys[index] ?? '') })));
          }),
        );
      }

      const everything = { from: 0, to: Number.MAX_SAFE_INTEGER };
      const records = await collect(ports.channelLog.read(CHANNEL, everything));
      const landed = records.flatMap((record) =>
        'data' in record ? [[record.seq, record.data] as const] : [],
      );
      const used = steps.flat().flatMap(({ sender, keys }) => keys.map((key) => dataOf(sender, key)));
      expect(landed.map(([, data]) => data).toSorted()).toEqual([...new Set(used)].toSorted());
      for (const { seq, data } of replies) expect(new Map(landed).get(seq)).toBe(data);
    }),
    { numRuns: 300, seed: 20261130 },
  );
});
