/** Sessions over HTTP in channels that share a row, and whose requests have tokens for other channels. */

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { answer } from '../../../lambdas/actions/answer.ts';
import { groupIn } from '../../../lambdas/realtime/connections/grouping.ts';
import { NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';
import { type FallbackWorld, fallbackWorld } from './fallback-world.ts';
import { policies } from './policies.ts';

const session = 'a-random-session-0';

/** Channels of one group. */
const [A = '', B = '', C = ''] = Array.from({ length: 1_000 }, (_, n) => `desk:${n}`).filter(
  (channel, _index, [first = '']) => groupIn(policies, channel) === groupIn(policies, first),
);

class Visitor {
  readonly world: FallbackWorld = fallbackWorld();

  async poll(token: string, query: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
    const { json } = await this.world.whole({
      path: '/poll',
      query: { session, ...query },
      headers: { authorization: `Bearer ${token}` },
    });
    const { frames } = v.parse(v.object({ frames: v.array(v.unknown()) }), json);
    return frames.map((frame) => v.parse(v.object({ channel: v.string() }), frame).channel);
  }

  async subscribe(token: string, ...channels: readonly string[]): Promise<unknown> {
    const commands = channels.map((channel) => ({ action: 'subscribe', channel }));
    const headers = { authorization: `Bearer ${token}` };
    const body = JSON.stringify(commands);
    return (await this.world.whole({ method: 'POST', query: { session }, headers, body })).json;
  }

  async publish(channel: string): Promise<void> {
    const { context, ports } = this.world;
    const { connections } = ports;
    await connections.open({ connectionId: 'bob=', expiresAt: NOW }, []);
    const caller = sessionFixture({ connectionId: 'bob=', user: 'bob' });
    await answer(JSON.stringify({ action: 'publish', channel, data: 1 }), caller, context);
  }

  async followed(): Promise<readonly string[]> {
    const [connection] = (await this.world.ports.directory.connections()).connections.filter(
      ({ connectionId }) => connectionId !== 'bob=',
    );
    return this.world.ports.directory.grouped(connection?.connectionId ?? '');
  }
}

const tokenFor = (...channels: readonly string[]) =>
  `ann until ${NOW / 1000 + 3_600} for ${channels.join(' ')}`;

describe('a session over HTTP in channels of one group', () => {
  it('gets the messages of those', async () => {
    const visitor = new Visitor();
    await visitor.poll('ann', { open: '1' });
    await visitor.subscribe('ann', A, B);

    for (const channel of [A, B, C]) await visitor.publish(channel);

    expect(await visitor.poll('ann')).toEqual([A, B]);
  });

  it('keeps the channels that its token gives when its lease is renewed', async () => {
    const visitor = new Visitor();
    await visitor.poll(tokenFor(A, B), { open: '1' });
    await visitor.subscribe(tokenFor(A, B), A, B);
    await visitor.world.ports.pause(60_000);

    await visitor.poll(tokenFor(A, B));
    await visitor.world.ports.pause(90_000);
    await visitor.publish(B);

    expect(await visitor.poll(tokenFor(A, B))).toEqual([B]);
  });

  it('loses a channel that the token of a renewal does not give', async () => {
    const visitor = new Visitor();
    await visitor.poll(tokenFor(A, B), { open: '1' });
    await visitor.subscribe(tokenFor(A, B), A, B);
    await visitor.world.ports.pause(60_000);

    await visitor.poll(tokenFor(B));

    expect(await visitor.followed()).toEqual([B]);
  });

  it('loses a channel that the token of a later subscribe does not give, because the row takes its end', async () => {
    const visitor = new Visitor();
    await visitor.poll(tokenFor(A, B), { open: '1' });
    await visitor.subscribe(tokenFor(A), A);

    await visitor.subscribe(tokenFor(B, C), B, C);

    expect(await visitor.followed()).toEqual([B, C].toSorted());
  });

  it('gets no frame of a channel that its row names no more', async () => {
    const visitor = new Visitor();
    await visitor.poll(tokenFor(A, B), { open: '1' });
    await visitor.subscribe(tokenFor(A, B), A, B);
    await visitor.publish(A);
    await visitor.subscribe(tokenFor(B), B);

    expect(await visitor.poll(tokenFor(B))).toEqual([]);
  });

  it('gets a frame of a channel that an earlier token gave, as long as its row names it', async () => {
    const visitor = new Visitor();
    await visitor.poll(tokenFor(A, B), { open: '1' });
    await visitor.subscribe(tokenFor(A, B), A, B);
    await visitor.publish(A);

    expect(await visitor.poll(tokenFor(C))).toEqual([A]);
  });
});
