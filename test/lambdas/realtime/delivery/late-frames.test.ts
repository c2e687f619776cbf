/** Frames that the quota keeps back: who hands them over, who posts them, and when they are dropped. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { PostOutcome } from '../../../../lambdas/realtime/connections/outbound.ts';
import { deliver, release } from '../../../../lambdas/realtime/delivery/deliver.ts';
import type { Broadcast, Stragglers } from '../../../../lambdas/realtime/delivery/delivery-task.ts';
import { fanOut } from '../../../../lambdas/realtime/delivery/fan-out.ts';
import { LATE_MS, LATEST_MS } from '../../../../lambdas/realtime/delivery/late-frames.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../../../memory/memory-ports.ts';
import { broadcastFixture } from '../broadcasts.ts';
import { VirtualTime } from '../virtual-time.ts';

const CHANNEL = 'open:a';
const SEQ = 7;
const frame = new TextEncoder().encode('{"hello":true}');
const ids = Array.from({ length: 50 }, (_, index) => `c${String(index).padStart(2, '0')}`);

let time: VirtualTime;
let ports: MemoryPorts;
let attempts: number;

beforeEach(() => {
  time = new VirtualTime();
  ports = { ...memoryPorts(), now: time.now, pause: time.pause };
  attempts = 0;
});

function answering(platform: (connectionId: string) => PostOutcome): MemoryPorts {
  const post = async (connectionId: string) => {
    attempts += 1;
    await time.pause(5);
    return platform(connectionId);
  };
  return { ...ports, outbound: { ...ports.outbound, post } };
}

const refusing = () => answering(() => 'throttled');

const publish = (all: MemoryPorts, lastSeq = SEQ) => {
  const subscriptions = ids.map((connectionId) => subscriptionFixture({ channel: CHANNEL, connectionId }));
  const audience = {
    channel: CHANNEL,
    group: undefined,
    shardCount: 1,
    first: Promise.resolve({ subscriptions }),
  };
  return time.until(fanOut(all, audience, frame, { lastSeq }));
};

const late = (broadcast: Partial<Broadcast>, lateMs: number): Stragglers => ({
  kind: 'stragglers',
  broadcast: broadcastFixture({ channel: CHANNEL, ...broadcast }),
  recipients: ids.map((connectionId) => ({ connectionId, shard: 0, expiresAt: NOW })),
  attempt: 0,
  fault: 'quota',
  lateSince: NOW - lateMs,
});

const work = (task: Stragglers, all: MemoryPorts = ports) => time.until(deliver(all, task, 'invocation'));

describe('a publisher over the quota', () => {
  it('hands over after 200 ms, and calls its client neither slow nor broken', async () => {
    await publish(refusing());

    expect(time.now() - NOW).toBeLessThan(400);
    expect(ports.started).toMatchObject([{ kind: 'stragglers', fault: 'quota', lateSince: time.now() }]);
    expect(ports.logged).toEqual([]);
  });

  it('notes the frame after the workers for it were started', async () => {
    const order: string[] = [];
    await publish({
      ...refusing(),
      deliveries: {
        ...ports.deliveries,
        start: async () => {
          order.push('start');
        },
      },
      lateFrames: {
        note: async (channel, seq) => {
          order.push(`note ${channel} ${seq}`);
        },
      },
    });

    expect(order).toEqual(['start', `note ${CHANNEL} ${SEQ}`]);
  });

  it('notes nothing if a worker could not be started, and disconnects no client', async () => {
    const start = () => Promise.reject(new Error('throttled'));
    await publish({ ...refusing(), deliveries: { ...ports.deliveries, start } });

    expect(await ports.newestLate.newest(CHANNEL)).toBeUndefined();
    expect(ports.disconnected).toEqual([]);
  });

  it('replies also if the note cannot be written', async () => {
    const note = () => Promise.reject(new Error('down'));
    await publish({ ...refusing(), lateFrames: { note } });

    expect(ports.started).toHaveLength(1);
  });

  it('tries each connection three times at most, and begins the next broadcast with what it knows', async () => {
    await publish(refusing());
    expect(attempts).toBeLessThan(3 * ids.length);
    attempts = 0;

    await publish(refusing());

    expect(attempts).toBeLessThan(ids.length / 2);
  });
});

describe('a late frame', () => {
  it('reaches all its recipients as soon as there is quota', async () => {
    await work(late({ lastSeq: SEQ }, LATE_MS));

    expect(ports.posts.map(({ connectionId }) => connectionId)).toEqual(ids);
  });

  it('of a channel without a history is dropped after ten seconds, and not before', async () => {
    await work(late({ isLive: true }, LATE_MS - 1));
    expect(ports.posts).toHaveLength(ids.length);

    await work(late({ isLive: true }, LATE_MS));
    expect(ports.posts).toHaveLength(ids.length);
    expect(ports.logged).toEqual([expect.stringContaining('its channel keeps no history')]);
  });

  it.each([
    ['dropped for a newer one that workers have', SEQ + 1, 0],
    ['posted if it is the newest itself', SEQ, ids.length],
    ['posted if only an older one was noted', SEQ - 1, ids.length],
  ])('of a channel with a history is %s', async (_what, noted, posts) => {
    await ports.lateFrames.note(CHANNEL, noted);

    await work(late({ lastSeq: SEQ }, LATE_MS));

    expect(ports.posts).toHaveLength(posts);
  });

  it('is posted in its first ten seconds, although a newer one follows', async () => {
    await ports.lateFrames.note(CHANNEL, SEQ + 1);

    await work(late({ lastSeq: SEQ }, LATE_MS - 1));

    expect(ports.posts).toHaveLength(ids.length);
  });

  it('about members is never dropped', async () => {
    await ports.lateFrames.note(CHANNEL, SEQ + 1);

    await work(late({ to: 'everyone' }, LATEST_MS / 2));

    expect(ports.posts).toHaveLength(ids.length);
  });

  it('that the platform refuses fails its worker at once, so that no execution waits', async () => {
    await expect(work(late({ lastSeq: SEQ }, 0), refusing())).rejects.toThrow('over its quota');

    expect(time.now() - NOW).toBeLessThan(200);
  });

  it('that reaches a part of its recipients is handed on for the others, and stays as late as it is', async () => {
    let accepted = 0;
    const half = answering(() => {
      if (accepted >= 25) return 'throttled';
      accepted += 1;
      return 'sent';
    });

    await work(late({ lastSeq: SEQ }, 500), half);

    expect(ports.started).toMatchObject([{ fault: 'quota', lateSince: NOW - 500 }]);
    expect(ports.started.flatMap((task) => (task.kind === 'stragglers' ? task.recipients : []))).toHaveLength(
      25,
    );
    expect(ports.disconnected).toEqual([]);
  });

  it('is started again when it failed each time, for an hour, and then given up without a disconnection', async () => {
    await time.until(release(ports, late({ lastSeq: SEQ }, LATEST_MS - 1), 'refused'));
    expect(ports.started).toHaveLength(1);

    await time.until(release(ports, late({ lastSeq: SEQ }, LATEST_MS), 'refused'));
    expect(ports.started).toHaveLength(1);
    expect(ports.disconnected).toEqual([]);
    expect(ports.logged).toEqual([expect.stringContaining('given up')]);
  });
});
