import { describe, expect, it } from 'vitest';
import type { PostOutcome } from '../../../../lambdas/realtime/connections/outbound.ts';
import { FlowControl } from '../../../../lambdas/realtime/delivery/flow-control.ts';
import { postAll } from '../../../../lambdas/realtime/delivery/post-all.ts';
import { NOW } from '../../../memory/memory-ports.ts';
import { VirtualTime } from '../virtual-time.ts';

const frame = new TextEncoder().encode('{}');

/** One attempt at a connection; `attempt` counts from 1. */
type Platform = (
  connectionId: string,
  attempt: number,
  time: VirtualTime,
) => PostOutcome | Promise<PostOutcome>;

/** Posts to a number of connections; every post takes 5 ms and the time of the platform. */
async function posted(
  count: number,
  platform: Platform,
  {
    budgetMs = 10_000,
    perSecond = 100_000,
    patienceMs = Number.POSITIVE_INFINITY,
    quotaPatienceMs,
  }: {
    readonly budgetMs?: number;
    readonly perSecond?: number;
    readonly patienceMs?: number;
    readonly quotaPatienceMs?: number;
  } = {},
) {
  const time = new VirtualTime();
  const attempts = new Map<string, number>();
  let inFlight = 0;
  let mostInFlight = 0;
  const outbound = {
    async post(connectionId: string) {
      const attempt = (attempts.get(connectionId) ?? 0) + 1;
      attempts.set(connectionId, attempt);
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      await time.pause(5);
      const outcome = await platform(connectionId, attempt, time);
      inFlight -= 1;
      return outcome;
    },
  };
  const recipients = Array.from({ length: count }, (_, index) => ({
    connectionId: `c${index}`,
    expiresAt: Infinity,
  }));
  const startedAt = time.now();
  const limits = {
    flow: new FlowControl(perSecond, startedAt),
    deadline: startedAt + budgetMs,
    patience: startedAt + patienceMs,
    quotaPatience: startedAt + (quotaPatienceMs ?? patienceMs),
  };
  const result = await time.until(postAll({ outbound, ...time }, recipients, frame, limits));
  const tookMs = time.now() - startedAt;
  return {
    ...result,
    attempts,
    mostInFlight,
    tookMs,
    ids: [...result.unreached, ...result.late].map(({ connectionId }) => connectionId),
  };
}

/** Allows a number of posts per second, counted from the first. */
function quota(perSecond: number): Platform {
  let allowed = 0;
  let since: number | undefined;
  return (_id, _attempt, { now }) => {
    since ??= now();
    if (allowed >= (perSecond * (now() - since)) / 1_000 + perSecond / 100) return 'throttled';
    allowed += 1;
    return 'sent';
  };
}

describe('posting to all', () => {
  it('reaches no connection when the channel has none', async () => {
    expect(await posted(0, () => 'sent')).toMatchObject({ sent: 0, gone: [], unreached: [] });
  });

  it('posts once to every open connection', async () => {
    const { sent, attempts } = await posted(1_000, () => 'sent');

    expect(sent).toBe(1_000);
    expect([...attempts.values()].every((count) => count === 1)).toBe(true);
  });

  it('has a bounded number of posts in flight', async () => {
    const { mostInFlight } = await posted(1_000, () => 'sent');

    expect(mostInFlight).toBe(128);
  });

  it('names exactly the gone connections, and does not post to them again', async () => {
    const { gone, sent, attempts } = await posted(10, (id) => (id === 'c3' ? 'gone' : 'sent'));

    expect(gone).toMatchObject([{ connectionId: 'c3' }]);
    expect(sent).toBe(9);
    expect(attempts.get('c3')).toBe(1);
  });

  it('tries failed posts again, and reaches their connections', async () => {
    const { sent, unreached } = await posted(100, (_id, attempt) => (attempt < 3 ? 'failed' : 'sent'));

    expect(sent).toBe(100);
    expect(unreached).toEqual([]);
  });

  it('counts a post that throws as failed', async () => {
    const { sent } = await posted(10, (_id, attempt) =>
      attempt === 1 ? Promise.reject(new Error('broken socket')) : 'sent',
    );

    expect(sent).toBe(10);
  });

  it('gives up a connection that always fails long before its time is over, and reaches the rest', async () => {
    const { ids, sent, attempts, tookMs } = await posted(50, (id) => (id === 'c7' ? 'failed' : 'sent'));

    expect(ids).toEqual(['c7']);
    expect(sent).toBe(49);
    expect(attempts.get('c7')).toBe(5);
    expect(tookMs).toBeLessThan(3_000);
  });

  it('neither forgets nor gives up a client that reads slowly (MG-10)', async () => {
    const { sent, gone, attempts } = await posted(50, (id, attempt) =>
      id === 'c7' && attempt < 8 ? 'throttled' : 'sent',
    );

    expect(sent).toBe(50);
    expect(gone).toEqual([]);
    expect(attempts.get('c7')).toBe(8);
  });

  it('reaches every connection through a quota, and uses at least nine tenths of it', async () => {
    const { sent, gone, tookMs } = await posted(20_000, quota(2_000), { budgetMs: 60_000 });

    expect(sent).toBe(20_000);
    expect(gone).toEqual([]);
    expect(20_000 / (tookMs / 1_000)).toBeGreaterThan(1_800);
  });

  it('keeps to its own budget', async () => {
    const { tookMs } = await posted(1_000, () => 'sent', { perSecond: 500 });

    expect(tookMs).toBeGreaterThan(1_900);
    expect(tookMs).toBeLessThan(2_200);
  });

  it('ends at its deadline, and names all connections that were not reached, tried or not', async () => {
    const { sent, ids, tookMs } = await posted(1_000, (id) => (id === 'c0' ? 'throttled' : 'sent'), {
      perSecond: 500,
      budgetMs: 1_000,
    });

    expect(sent + ids.length).toBe(1_000);
    expect(ids).toContain('c0');
    expect(ids).toContain('c999');
    expect(tookMs).toBeLessThan(1_020);
  });

  it('calls connections late, and not unreachable, that the quota or the time kept from being tried', async () => {
    const overQuota = await posted(100, () => 'throttled', { budgetMs: 1_000 });
    const outOfTime = await posted(1_000, () => 'sent', { perSecond: 500, budgetMs: 1_000 });

    expect([overQuota.late.length, overQuota.unreached.length, overQuota.isOverQuota]).toEqual([
      100,
      0,
      true,
    ]);
    expect([outOfTime.sent + outOfTime.late.length, outOfTime.unreached.length]).toEqual([1_000, 0]);
    expect(outOfTime.isOverQuota).toBe(false);
  });

  it('calls a few connections that answer 429 slow, and not late', async () => {
    const { unreached, late } = await posted(50, (id) => (id === 'c0' ? 'throttled' : 'sent'), {
      budgetMs: 1_000,
    });

    expect(unreached.map(({ connectionId }) => connectionId).toSorted()).toEqual(['c0']);
    expect(late).toEqual([]);
  });

  it('ends when its patience is over while the account is over its quota', async () => {
    const { late, tookMs } = await posted(100, () => 'throttled', { patienceMs: 300 });

    expect(late).toHaveLength(100);
    expect(tookMs).toBeLessThan(400);
  });

  it('hands over what only the quota keeps back after its shorter patience for the quota', async () => {
    const { sent, late, tookMs } = await posted(100, quota(200), { patienceMs: 200, quotaPatienceMs: 100 });

    expect(sent + late.length).toBe(100);
    expect(late.length).toBeGreaterThan(0);
    expect(tookMs).toBeLessThan(150);
  });

  it('repeats posts to a slow client beyond its patience for the quota', async () => {
    const slow: Platform = (_id, _attempt, { now }) => (now() < NOW + 130 ? 'throttled' : 'sent');

    const { sent, late, attempts } = await posted(1, slow, { patienceMs: 1_000, quotaPatienceMs: 50 });

    expect([sent, late]).toEqual([1, []]);
    expect(attempts.get('c0')).toBeGreaterThan(1);
  });

  it('goes on after its patience for connections that it has not tried, if posts are accepted', async () => {
    const { sent, tookMs } = await posted(1_000, () => 'sent', { perSecond: 1_000, patienceMs: 300 });

    expect(sent).toBe(1_000);
    expect(tookMs).toBeGreaterThan(900);
  });

  it('starts no post when its time is over already', async () => {
    const { attempts, ids } = await posted(3, () => 'sent', { budgetMs: 0 });

    expect(attempts.size).toBe(0);
    expect(ids).toEqual(['c0', 'c1', 'c2']);
  });

  it('serves the others while one connection never answers', async () => {
    const finished: string[] = [];
    const { sent } = await posted(200, async (id, attempt, time) => {
      if (id === 'c0' && attempt === 1) {
        await time.pause(1_000);
        return 'failed';
      }
      finished.push(id);
      return 'sent';
    });

    expect(sent).toBe(200);
    expect(finished.at(-1)).toBe('c0');
  });
});
