import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { billsSection } from '../../bench/load/bills-section.ts';
import { ExecutionPool, SimulatedFunction } from '../../bench/load/lambda-account.ts';
import { figuresOf } from '../../bench/load/load-figures.ts';
import { limitsSection, loadPage } from '../../bench/load/load-page.ts';
import { runLoad } from '../../bench/load/load-run.ts';
import { percentile } from '../../bench/load/load-tally.ts';
import { stageLimits } from '../../bench/load/stage-limits.ts';
import { type ComeBack, runComeBack } from '../../bench/load/streams/come-back.ts';
import { runJoins } from '../../bench/load/streams/joins.ts';
import { comeBacks, joins } from '../../bench/load/streams/scenarios.ts';
import { StreamReader } from '../../bench/load/streams/stream-reader.ts';
import type { Workload } from '../../bench/load/workloads.ts';
import { VirtualClock } from '../../bench/simulator/virtual-clock.ts';
import { accountWith } from '../../lib/settings/account-quotas.ts';
import { shareOf } from '../../lib/settings/quota-shares.ts';

const CONDITIONS = { cpuMicrosPerPost: 60, seed: 1 };

/** A tenth of the page's workloads, so that a run takes a second or two. */
const small: Workload = {
  name: 'small',
  what: 'ten publishes a second to 20 subscribers each',
  channels: 20,
  subscribers: 20,
  logged: 0.5,
  publishesPerSecond: { before: 10, during: 10 },
  span: { from: 3_000, to: 13_000 },
  endsMs: 20_000,
  isRefusing: false,
  posts: { ratePerSecond: 500, burst: 250 },
  clients: { ratePerSecond: 5_000, burst: 2_500 },
  postsPerSecond: 500,
  concurrency: 1_000,
  workers: 48,
  others: { connects: 5, commands: 5 },
};

const figures = async (more: Partial<Workload> = {}) =>
  figuresOf(await runLoad({ ...small, ...more }, CONDITIONS));

describe('an account', () => {
  it('posts each message once while there is quota, without a worker', async () => {
    const { attemptsPerPost, workers, behind, liveShare, catchUps } = await figures();

    expect(attemptsPerPost).toBeCloseTo(1, 1);
    expect([workers, behind, liveShare, catchUps]).toEqual([0, 0, 1, 0]);
  });

  it('whose posts are all refused tries each about twice, loses nothing that a log has, and disconnects no client', async () => {
    const { attemptsPerPost, waitP99Ms, disconnected, behind, executionsWanted } = await figures({
      isRefusing: true,
    });

    expect(attemptsPerPost).toBeLessThan(2);
    expect(waitP99Ms).toBeLessThan(600);
    expect([disconnected, behind]).toEqual([0, 0]);
    expect(executionsWanted).toBeLessThan(100);
  });

  it('over its quota for ten seconds keeps its executions for handshakes and commands', async () => {
    const over = await figures({ publishesPerSecond: { before: 10, during: 38 } });

    expect(over.attemptsPerPost).toBeLessThan(3);
    expect(over.waitMedianMs).toBeLessThan(200);
    expect([over.connectsRefused, over.commandsRefused]).toEqual([0, 0]);
    expect([over.disconnected, over.behind]).toEqual([0, 0]);
  });
});

describe('a simulated function', () => {
  const functionOn = (clock: VirtualClock, pool: ExecutionPool, reserved?: number) =>
    new SimulatedFunction<number>({
      clock,
      pool,
      reserved,
      asyncStart: () => 1,
      coldStart: () => 0,
      handler: (_environment, ms) => clock.pause(ms),
    });

  it('refuses an invocation when the account has no execution left', async () => {
    const clock = new VirtualClock(0);
    const worker = functionOn(clock, new ExecutionPool(1));

    const taken = await clock.run(Promise.all([worker.invoke(10), worker.invoke(10)]));

    expect(taken).toEqual([true, false]);
  });

  it('lets events wait behind its reservation without wanting executions of the account', async () => {
    const clock = new VirtualClock(0);
    const pool = new ExecutionPool(100);
    const worker = functionOn(clock, pool, 2);
    for (let event = 0; event < 10; event++) worker.enqueue(500);

    await clock.run(clock.pause(1));

    expect([worker.peakRunning, pool.peakWanted]).toEqual([2, 2]);
  });
});

it('a percentile of no values is 0', () => {
  expect([percentile([], 0.5), percentile([3, 1, 2], 0.5), percentile([3, 1, 2], 1)]).toEqual([0, 2, 3]);
});

const fewJoins = { ...joins, users: 60, withinMs: 6_000 };

describe('users who join one channel', () => {
  it('are all told to its observers, at most once to each for each join', async () => {
    const { posts, untold, delayLongestMs } = await runJoins(fewJoins, CONDITIONS);

    expect(untold).toBe(0);
    expect(posts).toBeGreaterThan(60);
    expect(posts).toBeLessThanOrEqual(60 * 60);
    expect(delayLongestMs).toBeLessThan(10_000);
  });

  it('are told by the one worker of the due list, several in one diff', async () => {
    const { posts, farewells } = await runJoins(fewJoins, CONDITIONS);

    expect(farewells).toBe(1);
    expect(posts).toBeLessThan((60 * 60) / 4);
  });

  it('are told the same with the same seed', async () => {
    expect(await runJoins(fewJoins, CONDITIONS)).toEqual(await runJoins(fewJoins, CONDITIONS));
  });
});

/** A hundredth of the page's crowds. */
const smaller = (scenario: ComeBack): ComeBack => ({
  ...scenario,
  clients: 500,
  perSecond: scenario.perSecond / 10,
});

describe.each(comeBacks)('clients of rooms that come back $name', (scenario) => {
  it('are with each reader of a stream within two minutes', async () => {
    const { lags } = await runComeBack(smaller(scenario), CONDITIONS);

    for (const { p99Ms, longestMs } of Object.values(lags)) {
      expect(p99Ms).toBeGreaterThan(0);
      expect(longestMs).toBeLessThanOrEqual(120_000);
    }
  });
});

describe('a simulated reader of a stream', () => {
  const read = async (changes: readonly string[], batchesPerShard: number) => {
    const clock = new VirtualClock(0);
    const handled: string[] = [];
    let [running, most] = [0, 0];
    const reader = new StreamReader<{ readonly item: string; readonly name: string }>({
      clock,
      shards: 1,
      batchesPerShard,
      gatherMs: 0,
      async handle(batch) {
        running += 1;
        most = Math.max(most, running);
        await clock.pause(100);
        running -= 1;
        const isFirst = handled.length === 0;
        handled.push(...batch.map(({ name }) => name));
        return isFirst ? batch.slice(-1) : [];
      },
    });
    for (const [at, item] of changes.entries()) reader.put({ item, name: `${item}${at}` });
    await clock.run(clock.pause(1));
    return { handled, most, lags: reader.lags };
  };

  it('handles changes of one item in their order, and those that failed again', async () => {
    const { handled, most, lags } = await read(['a', 'a', 'a'], 10);

    expect(handled).toEqual(['a0', 'a1', 'a2', 'a2']);
    expect([most, lags.length]).toEqual([1, 3]);
  });

  it('handles as many batches of a shard at once as it may', async () => {
    const items = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));

    expect((await read(items, 1)).most).toBe(1);
    expect((await read(items, 4)).most).toBe(4);
  });
});

it('the page has a section for each workload, the joins and the clients that come back', async () => {
  const scenario = { ...smaller(comeBacks[0] ?? expect.fail()), name: 'few' };
  const page = loadPage({
    loads: new Map([[small, await figures({ endsMs: 5_000 })]]),
    joined: await runJoins(fewJoins, CONDITIONS),
    returned: new Map([[scenario, await runComeBack(scenario, CONDITIONS)]]),
  });

  expect(page).toContain('## Small');
  expect(page).toContain('| executions wanted |');
  expect(page).toContain('| executions of `farewell` |');
  expect(page).toContain('| few |');
});

it('the limits of the simulated stage are those of the settings', () => {
  const { postsPerSecond, routeThrottles, workerConcurrency, batchesPerShard } = shareOf(
    accountWith(10_000, 1_000),
    0.8,
  );
  const { $connect, $default, ping } = routeThrottles;

  expect(stageLimits).toEqual({
    postsPerSecond,
    connectsPerSecond: $connect.rateLimit,
    commandsPerSecond: $default.rateLimit,
    pingsPerSecond: ping.rateLimit,
    workers: workerConcurrency === 'unreserved' ? 0 : workerConcurrency.deliver,
    farewells: workerConcurrency === 'unreserved' ? 0 : workerConcurrency.farewell,
    batchesPerShard,
  });
});

it('the page has the bills and the limits of today', async () => {
  const page = await readFile(new URL('../../docs/benchmarks/load.md', import.meta.url), 'utf8');

  expect(page).toContain(billsSection());
  expect(page).toContain(limitsSection());
});
