/** The options of `connect` with fallbacks, and its end. */

import { connect } from 'fanfare-client/fallback';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { settle } from '../fake-clock.ts';
import { blocked } from './blocked.ts';
import { connected } from './connected.ts';
import { FALLBACK_URL, FakeFallback } from './fake-fallback.ts';
import { stubWindow } from './window.ts';

const SECOND = 1_000;

describe('a connection with fallbacks', () => {
  it('begins with the transport that worked last in this page', async () => {
    const fallback = blocked();
    const url = 'wss://fake.example/same';
    const first = await connected({}, fallback, url);
    await first.clock.pass(500);
    first.connection.close();

    const second = await connected({}, fallback, url);

    expect([first.visited, second.visited]).toEqual([['sse'], ['sse']]);
    expect(second.reasons).toEqual([]);
  });

  it('leaves nothing behind when it is closed, in the middle of a probe, too', async () => {
    const { listening } = stubWindow();
    const { fallback, clock, connection } = await connected({}, blocked());
    await clock.pass(500);
    fallback.server.handshakes = 'pending';
    await clock.pass(20 * SECOND);

    connection.close();
    await settle();

    expect(clock.planned).toBe(0);
    expect(listening()).toEqual([]);
    expect(fallback.server.sockets.every(({ state }) => state === 'closed')).toBe(true);
  });

  it('reports an error that onTransport throws as an error event, and goes on', async () => {
    const mistake = new Error('mine');
    const errors: unknown[] = [];
    const fallback = blocked();
    fallback.server.handshakes = 'pending';
    const { connection, clock } = await connected(
      {
        onTransport: () => {
          throw mistake;
        },
      },
      fallback,
    );
    connection.on('error', (error) => errors.push(error));
    await clock.pass(9 * SECOND);

    expect(errors).toEqual([mistake]);
    expect(connection.state).toBe('connected');
  });

  it.each([
    ['no transport', { transports: [] }, /transports/],
    ['an unknown transport', { transports: ['carrier-pigeon'] }, /carrier-pigeon/],
    ['a transport twice', { transports: ['sse', 'sse'] }, /at most once/],
    ['a fallback that is not encrypted', { fallbackUrl: 'http://fake.example' }, /https/],
    ['a fallback that is no URL', { fallbackUrl: '/fallback' }, /fallbackUrl/],
    ['a negative interval', { pollEveryMs: -1 }, /pollEveryMs/],
    ['no WebSocket', { webSocket: undefined }, /webSocket/],
  ])('refuses %s at once', (_, wrong: object, message) => {
    vi.stubGlobal('WebSocket', undefined);
    onTestFinished(() => void vi.unstubAllGlobals());
    const options = { fallbackUrl: FALLBACK_URL, webSocket: new FakeFallback().server.webSocket, ...wrong };

    expect(() => connect('wss://fake.example', options)).toThrow(message);
  });

  it('needs no WebSocket if the transports name none', async () => {
    vi.stubGlobal('WebSocket', undefined);
    onTestFinished(() => void vi.unstubAllGlobals());

    const connection = connect('wss://fake.example', { fallbackUrl: FALLBACK_URL, transports: ['sse'] });
    connection.close();

    expect(connection.state).toBe('closed');
  });
});
