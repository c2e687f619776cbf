import { FRAMES_PER_POLL, POLL_BYTES } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { NOW } from '../../memory/memory-ports.ts';
import { type FallbackWorld, fallbackWorld } from './fallback-world.ts';

const session = 'a-random-session-0';
const channel = 'live:a';

async function opened(token?: string) {
  const world = fallbackWorld();
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const poll = async (query: Readonly<Record<string, string>> = {}) =>
    (await world.whole({ path: '/poll', query: { session, ...query }, headers })).json;
  expect(await poll({ open: '1' })).toEqual({ frames: [], ack: '' });
  const command = JSON.stringify({ action: 'subscribe', channel });
  await world.whole({ method: 'POST', query: { session }, headers, body: command });
  const [connection] = (await world.ports.directory.connections()).connections;
  const put = (...frames: readonly unknown[]) => putAll(world, connection?.connectionId ?? '', frames);
  return { ...world, poll, put, connectionId: connection?.connectionId ?? '' };
}

async function putAll({ ports }: FallbackWorld, connectionId: string, frames: readonly unknown[]) {
  for (const frame of frames) await ports.outbound.post(connectionId, Buffer.from(JSON.stringify(frame)));
}

const refusal = v.object({ retryAfter: v.number() });

const acknowledged = (answer: unknown) =>
  answer instanceof Object && 'ack' in answer ? String(answer.ack) : '';

describe('a poll', () => {
  it('returns at once the frames that are there, in order', async () => {
    const { poll, put, now } = await opened();
    await put(1, 2, 3);

    expect(await poll({ wait: '20' })).toEqual({
      frames: [1, 2, 3],
      ack: expect.stringMatching(/^[\w.-]+$/),
    });
    expect(now()).toBe(NOW);
  });

  it('returns an empty list at once when it does not wait', async () => {
    const { poll, now } = await opened();

    expect(await poll()).toEqual({ frames: [], ack: '' });
    expect(now()).toBe(NOW);
  });

  it('that waits returns as soon as a frame comes, and after its time if no frame comes', async () => {
    const { poll, put, at, now } = await opened();
    at(3_000, () => put(1));

    expect(await poll({ wait: '20' })).toMatchObject({ frames: [1] });
    expect(now() - NOW).toBeGreaterThanOrEqual(3_000);
    expect(now() - NOW).toBeLessThan(3_600);

    const from = now();
    expect(await poll({ wait: '2', ack: '' })).toMatchObject({ frames: [1] });
    const { ack } = JSON.parse(JSON.stringify(await poll()));
    expect(await poll({ wait: '2', ack })).toEqual({ frames: [], ack: '' });
    expect(now() - from).toBe(2_000);
  });

  it('repeats frames until they are acknowledged, and not after that', async () => {
    const { poll, put } = await opened();
    await put(1);
    const lost = await poll();
    await put(2);

    const second = await poll();
    expect([lost, second]).toMatchObject([{ frames: [1] }, { frames: [1, 2] }]);
    await put(3);

    expect(await poll({ ack: acknowledged(second) })).toMatchObject({ frames: [3] });
    expect(await poll({ ack: acknowledged(second) })).toMatchObject({ frames: [3] });
  });

  it('acknowledges frames by name, so a frame that is posted late and sorts earlier is not lost', async () => {
    const { poll, put, ports, connectionId } = await opened();
    await put('early');
    const answer = await poll();
    const late = { entryId: '000000000', content: { frame: '"late"' } };
    const { read } = ports.mailboxes;
    ports.mailboxes.read = async (id) => (id === connectionId ? [late, ...(await read(id))] : read(id));

    expect(await poll({ ack: acknowledged(answer) })).toMatchObject({ frames: ['late'] });
  });

  it(`returns ${FRAMES_PER_POLL} frames, and leaves the rest to the next poll`, async () => {
    const { poll, put } = await opened();
    const frames = Array.from({ length: FRAMES_PER_POLL + 1 }, (_, index) => index);
    await put(...frames);

    const answer = await poll();
    expect(answer).toMatchObject({ frames: frames.slice(0, -1) });
    expect(await poll({ ack: acknowledged(answer) })).toMatchObject({ frames: frames.slice(-1) });
  });

  it('keeps its session for two minutes from then on', async () => {
    const { poll, at, put, ports, now } = await opened();
    const pass = async (ms: number) => {
      at(now() - NOW + ms, () => {});
      await ports.pause(ms);
    };
    for (let n = 0; n < 5; n++) {
      await pass(100_000);
      await put(n);
      expect(await poll()).toMatchObject({ frames: Array.from({ length: n + 1 }, (_, index) => index) });
    }
    await pass(120_001);

    expect(await poll()).toMatchObject({ code: 'gone', status: 410 });
  });

  it('finds its session until the last millisecond of the lease', async () => {
    const { poll, put, ports } = await opened();
    await put(1);
    await ports.pause(119_999);

    expect(await poll()).toMatchObject({ frames: [1] });
  });

  it('finds no session in the millisecond in which the lease ends', async () => {
    const { poll, put, ports } = await opened();
    await put(1);
    await ports.pause(120_000);

    expect(await poll()).toMatchObject({ code: 'gone', status: 410 });
  });

  it('of a closed connection returns the frames that came before, and then 410', async () => {
    const { poll, put, ports, connectionId } = await opened();
    ports.sessions.end = async () => {};
    await put(1);
    await ports.outbound.disconnect(connectionId);
    await put('after the end');

    const answer = await poll();
    expect(answer).toMatchObject({ frames: [1] });
    expect(await poll({ ack: acknowledged(answer) })).toMatchObject({ status: 410 });
    expect(await ports.mailboxes.read(connectionId)).toEqual([]);
  });

  it('that waits is answered 410 as soon as its connection is closed', async () => {
    const { poll, at, ports, connectionId, now } = await opened();
    at(1_000, () => ports.outbound.disconnect(connectionId));

    expect(await poll({ wait: '20' })).toMatchObject({ status: 410 });
    expect(now() - NOW).toBeLessThan(2_000);
    expect(await poll()).toMatchObject({ status: 410 });
  });

  it('does not wait beyond the end of its token, and returns no frame from then on', async () => {
    const until = NOW / 1000 + 3;
    const { poll, at, put, now } = await opened(`ann until ${until}`);
    at(8_000, () => put('too late'));

    expect(await poll({ wait: '20' })).toMatchObject({ code: 'token-expired', status: 401 });
    expect(now()).toBe(NOW + 8_000);
  });

  it.each([
    ['wait', '21'],
    ['wait', '-1'],
    ['wait', '1.5'],
    ['wait', 'long'],
    ['ack', 'a/b'],
    ['ack', Array.from({ length: FRAMES_PER_POLL + 1 }, () => 'a').join('.')],
  ])('with %s=%s is answered 400', async (name, value) => {
    const { poll } = await opened();

    expect(await poll({ [name]: value })).toMatchObject({ code: 'bad-request', status: 400 });
  });

  it('of a session that is opened again returns only the frames of the new connection', async () => {
    const { poll, put } = await opened();
    await put('old');
    await poll({ open: '1' });

    expect(await poll()).toEqual({ frames: [], ack: '' });
  });
});

describe('a poll is charged', () => {
  const big = 'x'.repeat(100_000);

  it('for each repetition without an acknowledgement, and is refused then, while the frames stay', async () => {
    const { poll, put, ports } = await opened();
    await put(...Array.from({ length: 9 }, () => big));
    let answers = 0;
    let answer = await poll();
    for (; !isLimited(answer); answer = await poll()) answers += 1;

    expect(answers).toBeGreaterThan(1);
    expect(answers).toBeLessThan(4);
    expect(answer).toEqual({
      code: 'rate-limited',
      status: 429,
      message: expect.any(String),
      retryAfter: expect.any(Number),
    });
    const { retryAfter } = v.parse(refusal, answer);
    await ports.pause(retryAfter);
    expect(await poll()).toMatchObject({ frames: Array.from({ length: 9 }, () => big) });
  });

  it('almost nothing if each answer is acknowledged, even for 900 large frames', async () => {
    const { poll, put } = await opened();
    let answer = await poll();
    for (let n = 0; n < 100; n++) {
      await put(...Array.from({ length: 9 }, () => big));
      answer = await poll({ ack: acknowledged(answer) });
      expect(answer).toMatchObject({ frames: { length: 9 } });
    }
  });

  it('the full price if it acknowledges unknown names, which it does not look for', async () => {
    const { poll, put, ports } = await opened();
    const removed: string[] = [];
    const { remove } = ports.mailboxes;
    ports.mailboxes.remove = async (id, names) => {
      removed.push(...names);
      await remove(id, names);
    };
    await put(...Array.from({ length: 9 }, () => big));
    const ack = Array.from({ length: FRAMES_PER_POLL }, (_, n) => `made-up-${n}`).join('.');
    let answers = 0;
    for (let answer = await poll({ ack }); !isLimited(answer); answer = await poll({ ack })) answers += 1;

    expect(answers).toBeLessThan(4);
    expect(removed).toEqual([]);
  });

  it('without losing an acknowledgement when it is refused', async () => {
    const { poll, put, ports } = await opened();
    await put(...Array.from({ length: 9 }, () => big));
    let first = await poll();
    for (let answer = await poll(); !isLimited(answer); answer = await poll()) first = answer;
    await put(big, big);
    const refused = await poll({ ack: acknowledged(first) });
    expect(isLimited(refused)).toBe(true);
    await ports.pause(10_000);

    expect(await poll({ ack: acknowledged(first) })).toMatchObject({ frames: [big, big] });
  });

  it(`for ${POLL_BYTES} bytes at most, and leaves the rest to the next poll`, async () => {
    const { poll, put } = await opened();
    await put(...Array.from({ length: 15 }, () => big));

    const answer = await poll();
    expect(answer).toMatchObject({ frames: { length: 10 } });
    expect(await poll({ ack: acknowledged(answer) })).toMatchObject({ frames: { length: 5 } });
  });
});

function isLimited(answer: unknown): boolean {
  return JSON.stringify(answer).includes('"rate-limited"');
}
