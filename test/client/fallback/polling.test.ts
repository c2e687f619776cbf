/** Receiving by asking. */

import { describe, expect, it } from 'vitest';
import { settle } from '../fake-clock.ts';
import { follow } from '../follow.ts';
import { connected } from './connected.ts';
import { FakeFallback, NEVER } from './fake-fallback.ts';

/** A function that gives these answers to polls behind the first, and then leaves one open. */
function answering(...answers: object[]): FakeFallback {
  const fallback = new FakeFallback();
  let count = 0;
  fallback.intercept = ({ method, target }) => {
    if (method !== 'GET' || target.includes('open')) return undefined;
    const answer = answers[count];
    count += 1;
    return answer ? Response.json(answer) : NEVER;
  };
  return fallback;
}

function polls(fallback: FakeFallback): string[] {
  return fallback.requestsOf('GET').map(({ target }) => target);
}

const message = (data: unknown) => ({ event: 'messages', channel: 'live:x', messages: [{ data, time: 0 }] });

describe('long polling', () => {
  const long = { transports: ['polling'] } as const;

  it('opens the session, then sends one poll at a time with the acknowledgement of the answer before', async () => {
    const fallback = answering({ frames: [{}], ack: 'a' }, { frames: [{}], ack: 'b&c' });
    await connected(long, fallback);

    expect(polls(fallback)).toEqual([
      '/poll?open=1',
      '/poll?wait=20&ack=',
      '/poll?wait=20&ack=a',
      '/poll?wait=20&ack=b%26c',
    ]);
  });

  it('delivers all frames of all answers in order, those of the first one, too', async () => {
    const answers = [
      { frames: [message(1), message(2)], ack: 'a' },
      { frames: [message(3)], ack: 'b' },
    ];
    let release = () => {};
    const listening = new Promise<void>((resolve) => {
      release = resolve;
    });
    const fallback = new FakeFallback();
    fallback.intercept = ({ method }) => {
      const answer = method === 'GET' ? answers.shift() : undefined;
      return answer ? listening.then(() => Response.json(answer)) : NEVER;
    };
    const { connection } = await connected(long, fallback);
    const { got } = follow(connection, 'live:x');

    release();
    await settle();

    expect(got).toEqual([1, 2, 3]);
  });

  it('asks again at once after messages, and waits a second if an answer comes too early', async () => {
    const fallback = answering({ frames: [{}], ack: 'a' }, { frames: [], ack: 'b' });
    const { clock } = await connected(long, fallback);
    expect(polls(fallback)).toHaveLength(3);

    await clock.pass(999);
    expect(polls(fallback)).toHaveLength(3);
    await clock.pass(1);

    expect(polls(fallback)).toHaveLength(4);
  });

  it('gives up a poll 10 seconds after the server should have answered', async () => {
    const { clock, reasons } = await connected(long, answering());

    await clock.pass(29_999);
    expect(reasons).toEqual([]);
    await clock.pass(1);

    expect(reasons).toEqual(['4408']);
  });

  it.each([
    ['not JSON', '<html>', '1006'],
    ['JSON of another server', '{"status":"ok"}', '1006'],
    ['without an ack', '{"frames":[]}', '1006'],
  ])('ends at an answer that is %s', async (_, body, reason) => {
    const { fallback, reasons } = await connected(long, answering());
    expect(reasons).toEqual([]);
    fallback.intercept = () => new Response(body);
    const again = await connected(long, fallback);

    expect(again.reasons).toEqual([reason]);
  });
});

describe('a poll over the limit', () => {
  const refused = (retryAfter: number) =>
    Response.json(
      { code: 'rate-limited', status: 429, message: 'Too many commands or bytes.', retryAfter },
      { status: 429 },
    );

  it.each([
    ['long', {}],
    ['short', { pollEveryMs: 5_000 }],
  ])(
    'is asked again, with the same acknowledgement, when the server says; %s polling loses nothing',
    async (_kind, options) => {
      const fallback = new FakeFallback();
      const answers = [
        Response.json({ frames: [message(1)], ack: 'a' }),
        refused(4_000),
        refused(1_500),
        Response.json({ frames: [message(2)], ack: 'b' }),
      ];
      const asked: string[] = [];
      fallback.intercept = ({ method, target }) => {
        if (method !== 'GET' || target.includes('open')) return undefined;
        asked.push(target.replace(/.*ack=/, ''));
        return answers.shift() ?? Response.json({ frames: [], ack: 'c' });
      };
      const { connection, clock, reasons } = await connected(
        { transports: ['polling'], ...options },
        fallback,
      );
      const { got } = follow(connection, 'live:x');
      await clock.pass(5_000);
      const before = asked.length;

      expect(asked.slice(0, 2)).toEqual(['', 'a']);
      await clock.pass(15_000);

      expect(before).toBeLessThan(asked.length);
      expect(asked.slice(0, 5)).toEqual(['', 'a', 'a', 'a', 'b']);
      expect(got.at(-1)).toBe(2);
      expect(reasons).toEqual([]);
      expect(connection.state).toBe('connected');
    },
  );

  it('ends its session when no time is given, or when there is no room', async () => {
    const fallback = new FakeFallback();
    let count = 0;
    fallback.intercept = ({ method, target }) => {
      if (method !== 'GET' || target.includes('open')) return undefined;
      count += 1;
      return count > 1
        ? NEVER
        : Response.json({ code: 'rate-limited', status: 429, message: '' }, { status: 429 });
    };
    const { reasons } = await connected({ transports: ['polling'] }, fallback);

    expect(reasons).toEqual(['4429']);
  });
});

describe('short polling', () => {
  it('asks at its interval for answers without waiting', async () => {
    const { fallback, clock } = await connected({ transports: ['polling'], pollEveryMs: 5_000 });
    const before = polls(fallback).length;
    const timers = clock.planned;

    await clock.pass(60_000);

    expect(polls(fallback).length - before).toBe(12);
    expect(polls(fallback).at(-1)).toBe('/poll?wait=0&ack=next');
    expect(clock.planned).toBe(timers);
  });

  it('asks again at once after frames', async () => {
    const { fallback, clock, connection } = await connected({ transports: ['polling'], pollEveryMs: 5_000 });
    const { got, subscription } = follow(connection, 'open:x');
    await subscription.ready;
    fallback.server.say('open:x', 1);
    const before = polls(fallback).length;

    await clock.pass(5_000);

    expect(got).toEqual([1]);
    expect(polls(fallback).length - before).toBe(2);
  });

  it('stops asking when it is closed between two polls', async () => {
    const { fallback, clock, connection } = await connected({ transports: ['polling'], pollEveryMs: 5_000 });
    const before = polls(fallback).length;

    connection.close();
    await settle();

    expect(polls(fallback)).toHaveLength(before);
    expect(clock.planned).toBe(0);
  });
});
