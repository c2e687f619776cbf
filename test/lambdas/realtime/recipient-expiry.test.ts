import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PostOutcome } from '../../../lambdas/realtime/connections/outbound.ts';
import { audienceNow } from '../../../lambdas/realtime/delivery/audience.ts';
import { deliver } from '../../../lambdas/realtime/delivery/deliver.ts';
import { fanOut } from '../../../lambdas/realtime/delivery/fan-out.ts';
import { FlowControl } from '../../../lambdas/realtime/delivery/flow-control.ts';
import { postAll } from '../../../lambdas/realtime/delivery/post-all.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../../memory/memory-ports.ts';
import { broadcastFixture } from './broadcasts.ts';
import { VirtualTime } from './virtual-time.ts';

const CHANNEL = 'open:a';
const SECOND = 1000;
const frame = new TextEncoder().encode('{"hello":true}');
const inSeconds = (seconds: number) => NOW / 1000 + seconds;

let time: VirtualTime;
let ports: MemoryPorts;

beforeEach(() => {
  time = new VirtualTime();
  ports = { ...memoryPorts(), now: time.now, pause: time.pause };
});

const reached = () => ports.posts.map(({ connectionId }) => connectionId);

const remaining = async () => {
  const { subscriptions } = await ports.subscriptions.page({ channel: CHANNEL, shard: 0 });
  return subscriptions.map(({ connectionId }) => connectionId);
};

/** Subscribes connections, each with the seconds after which it ends. */
async function subscribed(ends: Readonly<Record<string, number>>): Promise<void> {
  for (const [connectionId, end] of Object.entries(ends)) {
    const row = subscriptionFixture({ channel: CHANNEL, connectionId, expiresAt: inSeconds(end) });
    await ports.connections.open({ connectionId, expiresAt: NOW }, [row]);
  }
}

const send = (more: Partial<MemoryPorts> = {}) => {
  const all = { ...ports, ...more };
  return time.until(audienceNow(all, CHANNEL).then((audience) => fanOut(all, audience, frame)));
};

describe('a recipient whose time is over', () => {
  it('gets no message, and all others get it', async () => {
    await subscribed({ over: -1, now: 0, later: 1 });

    await send();

    expect(reached()).toEqual(['later']);
  });

  it('is disconnected and forgotten once, so that it comes back with a new token', async () => {
    await subscribed({ over: 0, later: 60 });

    await send();
    await send();

    expect(ports.disconnected).toEqual(['over']);
    expect(await remaining()).toEqual(['later']);
    expect(await ports.connections.remove('over')).toEqual([]);
  });

  it('is kept if it could not be disconnected, and the next message tries again', async () => {
    await subscribed({ other: 0, over: 0, later: 60 });
    const { outbound } = ports;
    const disconnect: typeof outbound.disconnect = (connectionId) =>
      connectionId === 'over' ? Promise.reject(new Error('500')) : outbound.disconnect(connectionId);

    await send({ outbound: { ...outbound, disconnect } });

    expect(reached()).toEqual(['later']);
    expect(await remaining()).toEqual(['later', 'over']);
    expect(ports.logged).toEqual([expect.stringContaining('"connectionId":"over"')]);

    await send();

    expect(ports.disconnected).toEqual(['other', 'over']);
    expect(await remaining()).toEqual(['later']);
  });

  it('is kept when it could not be closed because its handshake is not over (HS-15)', async () => {
    const row = subscriptionFixture({ channel: CHANNEL, connectionId: 'new', expiresAt: inSeconds(0) });
    await ports.subscriptions.put({ ...row, handshakeUntil: NOW + 1 });
    const outbound = { ...ports.outbound, disconnect: async () => 'gone' as const };

    await send({ outbound });
    expect(await remaining()).toEqual(['new']);

    await time.until(time.pause(1));
    await send({ outbound });
    expect(await remaining()).toEqual([]);
    expect(reached()).toEqual([]);
  });

  it('gets no message by a retry that comes too late', async () => {
    await subscribed({ brief: 1, later: 60 });
    const attempts: number[] = [];
    const post = async (connectionId: string): Promise<PostOutcome> => {
      if (connectionId === 'later') return 'sent';
      attempts.push(time.now());
      return 'throttled';
    };

    const broadcast = broadcastFixture({ channel: CHANNEL });
    const lane = {
      kind: 'lane',
      broadcast,
      from: { shard: 0 },
      step: 1,
      shardCount: 1,
      startAt: NOW,
    } as const;
    await time.until(deliver({ ...ports, outbound: { ...ports.outbound, post } }, lane, 'worker'));

    expect(attempts.length).toBeGreaterThan(1);
    expect(Math.max(...attempts)).toBeLessThan(NOW + SECOND);
    expect(ports.disconnected).toEqual(['brief']);
    expect(ports.started).toEqual([]);
  });

  it('gets no message by a later worker, which knows the end from its task', async () => {
    await subscribed({ brief: 2, later: 60 });
    ports.peers.set('brief', 'throttled').set('later', 'throttled');
    await send();
    const ends = ports.started.flatMap((task) => (task.kind === 'stragglers' ? task.recipients : []));
    expect(ends.map(({ expiresAt }) => expiresAt).toSorted()).toEqual([inSeconds(2), inSeconds(60)]);
    ports.peers.clear();

    for (const task of ports.started.splice(0)) await time.until(deliver(ports, task, 'worker'));

    expect(time.now()).toBeGreaterThan(NOW + 2 * SECOND);
    expect(reached()).toEqual(['later']);
    expect(ports.disconnected).toEqual(['brief']);
    expect(await remaining()).toEqual(['later']);
  });

  it('gets no message from a lane whose turn comes later', async () => {
    await subscribed({ brief: 4, later: 60 });
    const broadcast = broadcastFixture({ channel: CHANNEL });
    const startAt = NOW + 5 * SECOND;
    const lane = { kind: 'lane', broadcast, from: { shard: 0 }, step: 1, shardCount: 1, startAt } as const;

    await time.until(deliver(ports, lane, 'worker'));

    expect(reached()).toEqual(['later']);
    expect(ports.disconnected).toEqual(['brief']);
  });
});

describe('posting to all, for random ends and failures', () => {
  const addressee = fc.record({
    /** Most within the time that posting takes. Seconds. */
    end: fc.integer({ min: -1, max: 4 }),
    outcomes: fc.array(fc.constantFrom<PostOutcome>('sent', 'gone', 'throttled', 'failed'), { maxLength: 8 }),
    takesMs: fc.integer({ min: 0, max: 1_500 }),
  });

  it('starts no post at or after an end, and has exactly one outcome for each connection', async () => {
    const run = async (
      addressees: readonly { end: number; outcomes: PostOutcome[]; takesMs: number }[],
      perSecond: number,
      budgetMs: number,
    ) => {
      const clock = new VirtualTime();
      const late: string[] = [];
      const sent: string[] = [];
      const recipients = addressees.map(({ end }, index) => ({
        connectionId: String(index),
        expiresAt: inSeconds(end),
      }));
      const attempts = addressees.map(({ outcomes }) => outcomes.values());
      const post = async (connectionId: string) => {
        const index = Number(connectionId);
        if (clock.now() >= (recipients[index]?.expiresAt ?? 0) * 1000) late.push(connectionId);
        await clock.pause(addressees[index]?.takesMs ?? 0);
        const outcome = attempts[index]?.next().value ?? 'sent';
        if (outcome === 'sent') sent.push(connectionId);
        return outcome;
      };
      const limits = { flow: new FlowControl(perSecond, NOW), deadline: NOW + budgetMs };

      const posted = await clock.until(
        postAll({ outbound: { post }, now: clock.now, pause: clock.pause }, recipients, frame, limits),
      );

      const others = [...posted.gone, ...posted.expired, ...posted.unreached, ...posted.late];
      expect(late).toEqual([]);
      expect(posted.sent).toBe(sent.length);
      expect([...sent, ...others.map(({ connectionId }) => connectionId)].toSorted()).toEqual(
        recipients.map(({ connectionId }) => connectionId).toSorted(),
      );
      for (const { expiresAt } of posted.expired)
        expect(clock.now()).toBeGreaterThanOrEqual(expiresAt * 1000);
    };

    await fc.assert(
      fc.asyncProperty(
        fc.array(addressee, { maxLength: 60 }),
        fc.constantFrom(20, 50, 1_000),
        fc.integer({ min: 0, max: 5_000 }),
        run,
      ),
      { numRuns: 200 },
    );
  });
});
