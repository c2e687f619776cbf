/** Receiving by Server-Sent Events. */

import { describe, expect, it } from 'vitest';
import { settle } from '../fake-clock.ts';
import { follow } from '../follow.ts';
import { connected } from './connected.ts';
import { FakeFallback } from './fake-fallback.ts';

const encoder = new TextEncoder();

/** A stream that the test writes. */
function stream() {
  let write = (_text: string | Uint8Array) => {};
  const body = new ReadableStream({
    start(controller) {
      write = (text) => controller.enqueue(typeof text === 'string' ? encoder.encode(text) : text);
    },
  });
  const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  return { response, write: (text: string | Uint8Array) => write(text) };
}

/** A client whose streams the test writes. */
async function streaming() {
  const fallback = new FakeFallback();
  const streams: ReturnType<typeof stream>[] = [];
  fallback.intercept = (asked) => {
    if (asked.method !== 'GET') return undefined;
    void fallback.answerTo(asked);
    streams.push(stream());
    return streams.at(-1)?.response;
  };
  return { ...(await connected({ transports: ['sse'] }, fallback)), streams };
}

describe('an event stream', () => {
  it('is open when its first bytes have come, for a proxy that holds streams back lets the head through', async () => {
    const { connection, streams } = await streaming();
    expect(connection.state).toBe('connecting');

    streams[0]?.write(': welcome\n\n');
    await settle();

    expect(connection.state).toBe('connected');
  });

  it('is given up when its first bytes are held back', async () => {
    const { reasons, clock } = await streaming();

    await clock.pass(8_000);

    expect(reasons).toEqual(['1006']);
  });

  it('may be cut into pieces anywhere, in the middle of a character, too', async () => {
    const { connection, streams } = await streaming();
    const { got } = follow(connection, 'live:x');
    const messages = [{ data: 'naïve 🎺', time: 0 }];
    const event = `data: ${JSON.stringify({ event: 'messages', channel: 'live:x', messages })}\n\n`;

    for (const byte of encoder.encode(`: welcome\nretry: 1000\n\n${event}`)) {
      streams[0]?.write(Uint8Array.of(byte));
      await settle();
    }

    expect(got).toEqual(['naïve 🎺']);
  });

  it('lives on comments, and ends when they are missing for 40 seconds', async () => {
    const { clock, streams, reasons } = await streaming();
    for (let n = 0; n < 20; n += 1) {
      streams[0]?.write(':\n\n');
      await clock.pass(15_000);
    }
    expect(reasons).toEqual([]);

    await clock.pass(25_000);

    expect(reasons).toEqual(['4408']);
  });

  it('ends when the server ends it', async () => {
    const { fallback, clock, reasons } = await connected({ transports: ['sse'] });

    fallback.kill();
    await clock.pass(500);

    expect(reasons).toEqual(['1006']);
    expect(fallback.open).toBe(1);
  });
});
