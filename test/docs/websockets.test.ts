/** The page about WebSockets: its captures come from the local runtime, and each topic leads to where it is seen. */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bytesOf, hexOf } from '../../frames/capture.ts';
import { decodeFrames } from '../../frames/decode.ts';
import { printFrames } from '../../frames/print.ts';
import { startRuntime } from '../runtime.ts';
import { blocksOf } from './snippets/blocks.ts';

const page = await readFile(new URL('../../docs/websockets.md', import.meta.url), 'utf8');
const [request = '', response = '', command = '', printed = ''] = blocksOf('page', page).map(
  ({ code }) => code,
);
const [ping = ''] = /(?<=-- ).*/.exec(command) ?? [];

/** What stands between backticks and begins with these bytes. */
function capture(start: string): string {
  const found = new RegExp(`\`(${start}[ \\da-f]*)\``).exec(page);
  if (!found?.[1]) throw new Error(`The page has no ${start}`);
  return found[1];
}

const pong = capture('81 10');
const close = capture('88 82');
const closed = capture('88 02');

const payloadOf = (frame: string) => {
  const [{ payload = new Uint8Array() } = {}] = decodeFrames(bytesOf(frame));
  return Buffer.from(payload).toString('utf8');
};

const onWire = (head: string) => `${head.trimEnd().replaceAll('\n', '\r\n')}\r\n\r\n`;

describe('the captures of the page', () => {
  it('are what the local runtime answers, byte by byte', async () => {
    const runtime = await startRuntime({ maxEnvironments: 1 });
    onTestFinished(() => runtime.close());
    const { hostname, port } = new URL(runtime.urls.websocket);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    const received: Buffer[] = [];
    /** The next bytes, as many as these have; fewer when the server ends the connection. */
    const next = async (expected: Uint8Array) => {
      while (Buffer.concat(received).length < expected.length) received.push(...(await once(socket, 'data')));
      const all = Buffer.concat(received.splice(0));
      received.push(all.subarray(expected.length));
      return all.subarray(0, expected.length);
    };

    socket.write(onWire(request));
    expect((await next(Buffer.from(onWire(response)))).toString()).toBe(onWire(response));
    socket.write(bytesOf(ping));
    expect(hexOf(await next(bytesOf(pong)))).toBe(pong);
    socket.write(bytesOf(close));
    expect(hexOf(await next(bytesOf(closed)))).toBe(closed);
  });

  it('say what the page says of them', () => {
    expect(payloadOf(ping)).toBe('{"action":"ping"}');
    expect(payloadOf(pong)).toBe('{"event":"pong"}');
    const sizes = [ping, pong].map((frame) => bytesOf(frame).length);
    expect(page).toContain(
      `The command is a frame of ${sizes[0]} bytes, and the local runtime answers with ${sizes[1]}`,
    );
    expect(printFrames(decodeFrames(bytesOf(`${close} ${closed}`)))).toContain('close code: 1000');
  });

  it('are printed by the decoder as the page shows it', () => {
    expect(printed).toBe(`${printFrames(decodeFrames(bytesOf(ping)))}\n`);
  });
});

describe('the topics of the page', () => {
  const topics = page.split(/^## /m).slice(1);

  it('are fifteen, in order', () => {
    expect(topics.map((topic) => Number.parseInt(topic, 10))).toEqual(
      Array.from({ length: 15 }, (_none, index) => index + 1),
    );
  });

  it.each(topics.map((topic) => [topic.split('\n')[0], topic] as const))(
    'each lead to where they are seen working: %s',
    (_heading, topic) => {
      const [, seen = ''] = topic.split('Seen working: ');

      expect(seen).toMatch(/\]\(|`(?:npm|npx|test)/);
    },
  );
});
