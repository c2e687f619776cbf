/** Commands pass at any number of streams: streams and waiting polls take places, of which there are fewer than executions. */

import { describe, expect, it } from 'vitest';
import { Places } from '../../../lambdas/fallback/places.ts';
import { memoryPlaces } from '../../memory/memory-http-sessions.ts';
import { NOW } from '../../memory/memory-ports.ts';
import { fallbackWorld } from './fallback-world.ts';

const ann = { authorization: 'Bearer ann' };
const sessionOf = (index: number) => `a-random-session-${index}`;

describe('a stage with two places', () => {
  const streamOf = (index: number) => ({
    path: '/',
    query: { session: sessionOf(index), channel: 'open:a' },
    headers: ann,
  });

  it('refuses a third stream, stores nothing for it, and still runs the commands of the others', async () => {
    const { answer, whole, ports } = fallbackWorld(10_000, 2);
    const open = [await answer(streamOf(1)), await answer(streamOf(2))];
    expect(open.map(({ status }) => status)).toEqual([200, 200]);

    expect(await whole(streamOf(3))).toMatchObject({
      status: 503,
      json: { code: 'busy', retryAfter: expect.any(Number) },
    });
    expect((await ports.directory.connections()).connections).toHaveLength(2);
    const ping = {
      method: 'POST',
      body: '{"action":"ping"}',
      query: { session: sessionOf(1) },
      headers: ann,
    };
    expect(await whole(ping)).toMatchObject({ status: 200, json: { event: 'pong' } });
  });

  it('opens another stream when one has ended', async () => {
    const { answer, stream } = fallbackWorld(10_000, 2);
    await answer(streamOf(1));
    await stream(streamOf(2));

    expect((await answer(streamOf(3))).status).toBe(200);
  });

  it('refuses a poll that waits, and answers one that does not', async () => {
    const { answer, whole } = fallbackWorld(10_000, 2);
    const pollOf = (wait: string) => ({
      path: '/poll',
      query: { session: sessionOf(3), wait },
      headers: ann,
    });
    await whole({ ...pollOf('0'), query: { session: sessionOf(3), open: '1' } });
    for (const index of [1, 2]) await answer(streamOf(index));

    expect((await whole(pollOf('20'))).status).toBe(503);
    expect((await whole(pollOf('0'))).status).toBe(200);
  });

  it('has its places again after the time of functions that were stopped', async () => {
    let now = NOW;
    const places = new Places(memoryPlaces(), 2, () => now);
    await Promise.all(['a', 'b'].map((holder) => places.take(holder, 60_000)));
    await expect(places.take('c', 60_000)).rejects.toMatchObject({ code: 'busy' });

    now += 70_000;

    await expect(places.take('c', 60_000)).resolves.toBeTypeOf('function');
  });
});

describe('a stage without a limit', () => {
  it('opens streams without a request for a place', async () => {
    const { answer, ports } = fallbackWorld();

    expect((await answer({ path: '/', query: { session: sessionOf(1) }, headers: ann })).status).toBe(200);
    expect(await ports.places.take(0, 'test', { now: NOW, until: NOW + 1 })).toBe(true);
  });
});
