/** The frames of a round, and where it begins. */

import { describe, expect, it } from 'vitest';
import { deliverPacked } from '../../../../lambdas/realtime/log/round.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../../../memory/memory-ports.ts';
import { TimelessPace } from '../../../memory/timeless-pace.ts';

const CHANNEL = 'packed:round';
const RETENTION = { retentionMs: 24 * 60 * 60 * 1000 };

interface Frame {
  readonly first?: number;
  readonly messages: readonly { readonly seq: number; readonly data?: string; readonly void?: true }[];
}

class Channel {
  readonly ports: MemoryPorts = { ...memoryPorts(), containerPace: new TimelessPace() };

  async subscribe(): Promise<void> {
    const connectionId = 'a subscriber';
    // Far from its end.
    const expiresAt = NOW;
    await this.ports.subscriptions.put(subscriptionFixture({ channel: CHANNEL, connectionId, expiresAt }));
  }

  async publish(data: string, time = NOW): Promise<number> {
    const { seq } = await this.ports.channelLog.raise(CHANNEL, 1, time);
    await this.ports.channelLog.write(CHANNEL, [{ seq, data, time }], RETENTION);
    return seq;
  }

  /** A writer takes a number and dies. */
  async die(): Promise<number> {
    const { seq } = await this.ports.channelLog.raise(CHANNEL, 1, NOW);
    return seq;
  }

  async deliver(first: number, last = first): Promise<void> {
    await deliverPacked({ ports: this.ports, channel: CHANNEL, retention: RETENTION }, { first, last });
  }

  get frames(): Frame[] {
    return this.ports.posts.map(({ frame }) => frame as Frame);
  }

  get numbers(): number[][] {
    return this.frames.map(({ messages }) => messages.map(({ seq }) => seq));
  }

  async delivered(): Promise<number | undefined> {
    return (await this.ports.turns.look(CHANNEL))?.delivered;
  }
}

async function channel(): Promise<Channel> {
  const made = new Channel();
  await made.subscribe();
  return made;
}

describe('a round', () => {
  it('sends everything that was not delivered in one frame, which names the first number of the channel', async () => {
    const it = await channel();
    const [a, b] = [await it.publish('a'), await it.publish('b')];

    await it.deliver(b);
    const c = await it.publish('c');
    await it.deliver(c);

    expect(it.numbers).toEqual([[a, b], [c]]);
    expect(it.frames.map(({ first }) => first)).toEqual([a, undefined]);
    expect(await it.delivered()).toBe(c);
  });

  it('makes no frame larger than 32 KB, unless it has one message', async () => {
    const it = await channel();
    const large = [await it.publish('x'.repeat(15_000)), await it.publish('y'.repeat(15_000))];
    const larger = [await it.publish('z'.repeat(15_000)), await it.publish('w'.repeat(40_000))];
    const last = await it.publish('a');

    await it.deliver(last);

    expect(it.numbers).toEqual([large, larger.slice(0, 1), larger.slice(1), [last]]);
    expect(Buffer.byteLength(JSON.stringify(it.frames[0]))).toBeLessThanOrEqual(32 * 1024);
  });

  it('leaves void numbers behind the last message for the next frame', async () => {
    const it = await channel();
    const a = await it.publish('a');
    const dead = await it.die();
    await it.deliver(a);

    expect(it.numbers).toEqual([[a]]);
    expect(await it.delivered()).toBe(a);

    const b = await it.publish('b');
    await it.deliver(b);
    expect(it.frames[1]?.messages).toMatchObject([{ seq: dead, void: true }, { seq: b }]);
  });

  it('reads no message of a channel without subscribers, and moves to its head', async () => {
    const it = new Channel();
    const a = await it.publish('a');
    const dead = await it.die();

    await it.deliver(a);

    expect(await it.delivered()).toBe(dead);
    expect(
      await it.ports.channelLog.seal(CHANNEL, { seq: dead, void: true, time: NOW }, RETENTION),
    ).toHaveLength(1);
  });

  it('of a channel that was direct before begins a hundred numbers before the message that woke it', async () => {
    const it = await channel();
    const all: number[] = [];
    for (let index = 0; index < 150; index++) all.push(await it.publish(String(index)));

    await it.deliver(all.at(-1) ?? 0);

    expect(it.numbers.flat()).toEqual(all.slice(49));
  });

  it('passes over messages that have expired, and seals none of their numbers', async () => {
    const it = await channel();
    const expired = NOW - 25 * 60 * 60 * 1000;
    const old = await it.publish('old', expired);
    const gone = await it.publish('gone', expired);
    it.ports.channelLog.expire(CHANNEL, gone);
    const a = await it.publish('a');

    await it.deliver(a);

    expect(it.numbers).toEqual([[a]]);
    expect(await it.delivered()).toBe(a);
    const retention = RETENTION;
    expect(await it.ports.channelLog.write(CHANNEL, [{ seq: gone, data: 'x', time: NOW }], retention)).toBe(
      true,
    );
    expect(old).toBeLessThan(gone);
  });

  it('moves nothing if no worker of a wide channel can be started', async () => {
    const it = await channel();
    await it.ports.shards.grow(CHANNEL, 1, 2);
    const a = await it.publish('a');
    const ports = {
      ...it.ports,
      deliveries: {
        ...it.ports.deliveries,
        start: async () => {
          throw new Error('Lambda is busy');
        },
      },
    };

    const round = deliverPacked({ ports, channel: CHANNEL, retention: RETENTION }, { first: a, last: a });

    await expect(round).rejects.toThrow('Lambda is busy');
    expect(await it.delivered()).toBeUndefined();
  });
});
