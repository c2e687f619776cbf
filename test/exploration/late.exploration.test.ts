/** Frames over the quota, in every order of publishers, workers and a client that joins, with crashes between any two steps. */

import { describe, expect, it } from 'vitest';
import { tries } from '../running/counts.ts';
import { exploreEach, exploreRandomly } from './explore.ts';
import { type LateCase, type LateSeen, observeLate } from './late-world.ts';
import type { Chooser } from './scheduler.ts';

const SEED = 20261130;
const two: LateCase = { publishers: 2, crashes: 0 };
const three: LateCase = { publishers: 3, crashes: 2 };

const invariants: Readonly<Record<string, (seen: LateSeen) => boolean>> = {
  'no process fails': ({ failures }) => failures.length === 0,
  'a client knows of every acknowledged message, or of a newer one': ({ acknowledged, known }) =>
    [...known.values()].every((newest) => acknowledged.every((seq) => newest >= seq)),
};

/** @param sink takes how many frames were dropped. */
const explore =
  (given: LateCase, sink: (dropped: number) => void = () => {}) =>
  async (choose: Chooser) => {
    const seen = await observeLate(choose, given);
    sink(seen.dropped);
    const broken = Object.entries(invariants).find(([, holds]) => !holds(seen));
    if (!broken) return;
    const order = seen.order.map((option) =>
      option.kind === 'crash' ? `${option.process} crashes` : `${option.process} ${option.label}`,
    );
    throw new Error(`Broken: ${broken[0]}, when ${order.join(', ')}`);
  };

/** Publishers that wait for the quota have more orders than a long run can try. */
const MOST = tries({ short: 600, long: 5_000 });

describe('over the quota, in every order or many of them', () => {
  it.each([
    ['two publishers', two],
    ['two publishers of which any may die', { ...two, crashes: 2 }],
  ])('%s leave no client without word of a message', async (_name, given) => {
    expect(await exploreEach(explore(given), SEED, MOST)).toBeGreaterThan(20);
  });

  it('three publishers of which two may die leave no client without word of a message, and frames are dropped', async () => {
    let dropped = 0;
    const run = explore(three, (count) => {
      dropped += count;
    });

    await exploreRandomly(run, tries({ short: 2_000, long: 5_000 }), SEED);

    expect(dropped).toBeGreaterThan(0);
  });
});

describe('the exploration finds', () => {
  const mutants: readonly [string, NonNullable<LateCase['mutant']>][] = [
    [
      'a note that is written before the workers are started',
      (ports) => ({
        ...ports,
        deliveries: {
          ...ports.deliveries,
          async start(task) {
            const { channel, lastSeq } = task.broadcast;
            if (lastSeq !== undefined) await ports.lateFrames.note(channel, lastSeq);
            await ports.deliveries.start(task);
          },
        },
      }),
    ],
    [
      'frames that are dropped for any number that was taken',
      (ports) => ({
        ...ports,
        newestLate: { newest: async (channel) => (await ports.channelLog.head(channel))?.seq },
      }),
    ],
    [
      'the newest frame itself, dropped as one that a newer one follows',
      (ports) => ({
        ...ports,
        newestLate: {
          newest: async (channel) => {
            const seq = await ports.newestLate.newest(channel);
            return seq === undefined ? undefined : seq + 1;
          },
        },
      }),
    ],
    [
      'a note of a frame whose workers could not be started',
      (ports) => ({
        ...ports,
        deliveries: { ...ports.deliveries, async start() {} },
      }),
    ],
  ];

  it.each(mutants)('%s', async (_name, mutant) => {
    const found = exploreRandomly(explore({ ...three, mutant }), 3_000, SEED);

    await expect(found).rejects.toThrow(/^Error: Broken: a client|^Broken: a client/);
  });
});
