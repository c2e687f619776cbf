import { describe, expect, it } from 'vitest';
import { bindingOf } from '../../bench/simulator/binding.ts';
import { broadcastTo } from '../../bench/simulator/broadcast-run.ts';
import { arrivingCrowd, connectionIdOf, memberOf, settledCrowd } from '../../bench/simulator/crowd.ts';
import { logLogPlot } from '../../bench/simulator/line-plot.ts';
import { measuredCost } from '../../bench/simulator/measured-cost.ts';
import type { Conditions } from '../../bench/simulator/simulated-cloud.ts';
import type { Tally } from '../../bench/simulator/tally.ts';
import { VirtualClock } from '../../bench/simulator/virtual-clock.ts';
import { messageUnits } from '../../packages/local/src/bill/metered-units.ts';
import { TokenBucket } from '../../packages/local/src/gateway/token-bucket.ts';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';

const SEED = 1;
const ARRIVAL = { perSecond: 500, knownForSeconds: 5 };

const crowdOf = (size: number) => settledCrowd(size, ARRIVAL, randomFrom(SEED));

function conditions(changes: Partial<Conditions> = {}): Conditions {
  return {
    postsPerSecond: 5_000,
    quota: { ratePerSecond: 10_000, burst: 5_000 },
    concurrency: 1_000,
    cpuMicrosPerPost: 80,
    ...changes,
  };
}

function everyoneGotItOnce({ sentTo }: Tally): boolean {
  return sentTo.every((times) => times === 1);
}

describe('a simulated broadcast', () => {
  it.each([1, 999, 1_000, 1_001, 12_345])('reaches each of %i subscribers once', async (size) => {
    const tally = await broadcastTo(crowdOf(size), conditions(), SEED);

    expect(everyoneGotItOnce(tally)).toBe(true);
    expect(tally.posts).toBe(size);
    expect(tally.warnings).toBe(0);
  });

  it('needs no worker for a small channel', async () => {
    const tally = await broadcastTo(crowdOf(500), conditions(), SEED);

    expect(tally.invocations).toBe(1);
    expect(tally.repliedMs).toBe(tally.lastSentMs);
  });

  it('is acknowledged before it is over in a wide channel', async () => {
    const tally = await broadcastTo(crowdOf(5_000), conditions(), SEED);

    expect(tally.invocations).toBeGreaterThan(1);
    expect(tally.repliedMs).toBeLessThan(tally.lastSentMs / 2);
  });

  it('keeps to its budget, apart from batches that overlap', async () => {
    const crowd = crowdOf(20_000);
    const tally = await broadcastTo(crowd, conditions({ postsPerSecond: 4_000 }), SEED);

    expect(tally.lastSentMs).toBeGreaterThan((crowd.size / 4_000) * 1000);
    expect(tally.peakPostsPerSecond()).toBeLessThan(4_000 * 1.25);
  });

  it('reaches every subscriber over a quota that is half of its budget', async () => {
    const quota = { ratePerSecond: 2_500, burst: 1_250 };
    const tally = await broadcastTo(crowdOf(20_000), conditions({ quota }), SEED);

    expect(tally.throttled).toBeGreaterThan(0);
    expect(everyoneGotItOnce(tally)).toBe(true);
  });

  it('reaches every subscriber when there are too few environments', async () => {
    const few = { postsPerSecond: 50_000, quota: { ratePerSecond: 50_000, burst: 5_000 }, concurrency: 3 };
    const tally = await broadcastTo(crowdOf(20_000), conditions(few), SEED);

    expect(tally.starvations).toBeGreaterThan(0);
    expect(tally.peakRunning).toBe(3);
    expect(everyoneGotItOnce(tally)).toBe(true);
  });

  it('is the same with the same seed', async () => {
    const [one, same, other] = [
      await broadcastTo(crowdOf(3_000), conditions(), SEED),
      await broadcastTo(crowdOf(3_000), conditions(), SEED),
      await broadcastTo(crowdOf(3_000), conditions(), SEED + 1),
    ];

    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('takes more functions, not fewer messages, when a post costs more', async () => {
    const crowd = crowdOf(10_000);
    const cheap = await broadcastTo(crowd, conditions(), SEED);
    const dear = await broadcastTo(crowd, conditions({ cpuMicrosPerPost: 800 }), SEED);

    expect(dear.billedMs).toBeGreaterThan(cheap.billedMs);
    expect(dear.metered).toBe(cheap.metered);
  });
});

describe('a crowd', () => {
  it('has each subscriber in exactly one shard', () => {
    const crowd = arrivingCrowd(20_000, ARRIVAL, randomFrom(SEED));
    const members = Array.from({ length: crowd.shardCount }, (_, shard) => [
      ...crowd.membersOf(shard),
    ]).flat();

    expect(members.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 20_000 }, (_, n) => n),
    );
  });

  it('is known by connection ids of the length that the gateway gives', () => {
    for (const member of [0, 1, 999_999]) {
      expect(connectionIdOf(member)).toHaveLength(16);
      expect(memberOf(connectionIdOf(member))).toBe(member);
    }
  });

  it('has as many shards as its size asks for, if newcomers know their number', () => {
    const known = { perSecond: 500, knownForSeconds: 0 };

    expect(settledCrowd(900, known, randomFrom(SEED)).shardCount).toBe(1);
    expect(settledCrowd(10_000, known, randomFrom(SEED)).shardCount).toBe(8);
  });
});

describe('virtual time', () => {
  it('goes by only when all other work is done', async () => {
    const clock = new VirtualClock(0);
    const seen: number[] = [];
    async function wait(ms: number) {
      await clock.pause(ms);
      seen.push(clock.now());
    }
    await clock.run(Promise.all([wait(60_000), wait(1), wait(1).then(() => wait(0.5))]));

    expect(seen).toEqual([1, 1, 2, 60_000]);
  });

  it('ends with an error when the work waits for something that never comes', async () => {
    await expect(new VirtualClock(0).run(new Promise(() => {}))).rejects.toThrow('Nothing is left to happen');
  });
});

it('a bucket gives its burst at once, and then its rate', () => {
  const bucket = new TokenBucket({ ratePerSecond: 10, burst: 2 });

  expect([0, 0, 0, 100, 100].map((now) => bucket.tryTake(now))).toEqual([true, true, false, true, false]);
});

it('a message is billed for each 32 KB that it has begun', () => {
  expect([0, 1, 32 * 1024, 32 * 1024 + 1, 128 * 1024].map(messageUnits)).toEqual([1, 1, 1, 2, 4]);
});

it('an error about missing figures names the command that makes them', async () => {
  await expect(measuredCost(new URL('./no-such-file.json', import.meta.url))).rejects.toThrow(
    'run `npm run bench fan-out` first',
  );
});

it('a broadcast that takes the time of its budget is bound by the budget', async () => {
  const size = 20_000;
  const tally = await broadcastTo(crowdOf(size), conditions({ postsPerSecond: 2_000 }), SEED);

  expect(bindingOf({ size, tally }, { postsPerSecond: 2_000 })).toBe('budget');
});

it('a plot has a line and a name for every curve', () => {
  const points = [
    [1, 0.1],
    [1_000, 10],
  ] as const;
  const plot = logLogPlot(
    [
      { name: 'solid', points },
      { name: 'dashed', points, isDashed: true },
    ],
    { title: 'A plot', x: 'x', y: 'y' },
  );

  expect(plot.match(/<polyline/g)).toHaveLength(2);
  expect(plot).toContain('>solid</text>');
  expect(plot).toContain('class="dashed"');
});
