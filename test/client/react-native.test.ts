/**
 * The client on React Native, which is not here: its globals are simulated as React Native 0.76 with Hermes has them. It has no
 * `crypto`, no `atob` in older versions, a `window` without events, a `URL` whose parts throw, and a `fetch` that cannot stream.
 */

import { connect } from 'fanfare-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Session } from '../../packages/client/src/lib/fallback/http/session.ts';
import { newKey } from '../../packages/client/src/lib/platform/random-key.ts';
import { connected } from './connected.ts';
import { settle } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';
import { blocked, isStream } from './fallback/blocked.ts';
import { connected as connectedByHttp } from './fallback/connected.ts';
import type { FakeFallback } from './fallback/fake-fallback.ts';
import { follow } from './follow.ts';

/** As in `Libraries/Blob/URL.js`: it can be made, and almost everything else throws. */
class PartialUrl {
  get pathname(): string {
    throw new Error('URL.pathname is not implemented');
  }
  readonly searchParams = new PartialParameters();
}

class PartialParameters {
  set(): never {
    throw new Error('URLSearchParams.set is not implemented');
  }
}

beforeEach(() => {
  for (const name of ['crypto', 'atob']) vi.stubGlobal(name, undefined);
  vi.stubGlobal('window', {});
  vi.stubGlobal('URL', PartialUrl);
  vi.stubGlobal('URLSearchParams', PartialParameters);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Its `fetch` has no streams, so an event stream cannot be read. */
function withoutStreams(): FakeFallback {
  return blocked((asked) =>
    isStream(asked) ? new Response(null, { headers: { 'content-type': 'text/event-stream' } }) : undefined,
  );
}

describe('on React Native, simulated', () => {
  it('a client publishes and gets messages', async () => {
    const { connection } = await connected();
    const { got, subscription } = follow(connection, 'open:x');
    await subscription.ready;
    await connection.channel('open:x').publish('hello');

    expect(got).toEqual(['hello']);
  });

  it('a client takes the WebSocket of the platform', async () => {
    const server = new FakeServer();
    vi.stubGlobal('WebSocket', server.webSocket);
    const connection = connect('ws://fake/stage');
    await settle();

    expect(connection.state).toBe('connected');
    connection.close();
  });

  it('a client falls back to polling, publishes and gets messages', async () => {
    const fallback = withoutStreams();
    const { connection, clock, visited } = await connectedByHttp({}, fallback);
    await clock.pass(60_000);
    const { got, subscription } = follow(connection, 'open:x');
    await subscription.ready;
    await connection.channel('open:x').publish('hello');
    await settle();
    fallback.server.say('open:x', 'theirs');
    await settle();

    expect(got).toEqual(['hello', 'theirs']);
    expect(visited).toEqual(['polling']);
  });
});

describe('a random name without `crypto`', () => {
  it('is another one each time, and has the same characters and the same room', () => {
    const names = Array.from({ length: 1_000 }, newKey);

    expect(new Set(names).size).toBe(1_000);
    for (const name of names) expect(name).toMatch(/^\d{1,10}(-\d{1,10}){3}$/);
  });

  it('comes from `crypto` where a polyfill brings it later', () => {
    vi.stubGlobal('crypto', { getRandomValues: (array: Uint32Array) => array.fill(7) });

    expect(newKey()).toBe('7-7-7-7');
  });
});

describe('the URL of a request over HTTP', () => {
  it.each([
    ['https://x.example', 'https://x.example/poll?'],
    ['https://x.example/', 'https://x.example/poll?'],
    ['https://x.example/a/b//', 'https://x.example/a/b/poll?'],
    ['https://x.example/a?stage=prod', 'https://x.example/a/poll?stage=prod&'],
    ['https://x.example/a/?q=a/b?c#part', 'https://x.example/a/poll?q=a/b?c&'],
  ])('from %s begins with %s', async (url, beginning) => {
    const asked: string[] = [];
    const fetch = async (target: unknown) => {
      asked.push(String(target));
      return new Response('{}');
    };
    const session = new Session({ url, token: undefined, client: 'an=d &me', fetch });
    await session.get('poll', { ack: 'ä/+&' });

    expect(asked[0]?.startsWith(`${beginning}session=`)).toBe(true);
    expect(asked[0]?.endsWith('&client=an%3Dd%20%26me&ack=%C3%A4%2F%2B%26')).toBe(true);
  });
});
