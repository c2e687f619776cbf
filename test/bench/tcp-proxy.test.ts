/** The proxy of bad networks over real sockets; a long run also puts the client behind it, in front of the local runtime. */

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LinkShape } from '../../bench/networks/link.ts';
import { realSituations } from '../../bench/networks/real/situations.ts';
import { TcpProxy } from '../../bench/networks/real/tcp-proxy.ts';
import { breachesOf } from '../../bench/networks/verdict.ts';
import { isLong } from '../running/counts.ts';

/** A server that sends back what comes, behind a proxy. Returns the proxy, and what connects through it. */
async function echoBehind(shape: LinkShape) {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no port');
  const url = `ws://127.0.0.1:${address.port}/`;
  const proxy = await TcpProxy.start(url, shape, () => 0.5);
  onTestFinished(() => {
    proxy.close();
    server.close();
  });
  const dial = async (): Promise<Socket> => {
    const socket = connect(Number(new URL(proxy.through(url)).port), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
  return { proxy, dial };
}

/** Reads until this many bytes have come. */
async function read(socket: Socket, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    if (Buffer.concat(chunks).length >= bytes) break;
  }
  return Buffer.concat(chunks);
}

const sent = Buffer.from(Array.from({ length: 20_000 }, (_, index) => index % 251));

describe('a proxy of bad networks', () => {
  it.each([
    ['with a bandwidth', { down: { bytesPerSecond: 500_000 }, up: { bytesPerSecond: 500_000 } }],
    ['with delay, jitter and loss', { down: { delayMs: 5, jitterMs: 20, loss: 0.1 } }],
    ['that collects what it passes on', { down: { releaseEveryMs: 50 } }],
  ])('changes no byte and no order %s', async (_, shape: LinkShape) => {
    const { proxy, dial } = await echoBehind(shape);
    const socket = await dial();

    for (let at = 0; at < sent.length; at += 1_000) socket.write(sent.subarray(at, at + 1_000));

    expect((await read(socket, sent.length)).equals(sent)).toBe(true);
    expect(proxy.link.down.bytes).toBe(sent.length);
    expect(proxy.link.up.bytes).toBe(sent.length);
  });

  it('lets packets of open connections vanish, and serves new ones', async () => {
    const { proxy, dial } = await echoBehind({});
    const old = await dial();
    const onData: Buffer[] = [];
    old.write('before');
    await read(old, 6);
    old.on('data', (chunk: Buffer) => onData.push(chunk));

    proxy.link.silence('down', 'up');
    old.write('lost');
    const young = await dial();
    young.write('new');

    expect(String(await read(young, 3))).toBe('new');
    expect({ onData, isDestroyed: old.destroyed }).toEqual({ onData: [], isDestroyed: false });
    expect(proxy.link.attempts).toHaveLength(2);
  });

  it('resets open connections', async () => {
    const { proxy, dial } = await echoBehind({});
    const socket = await dial();
    socket.write('before');
    await read(socket, 6);
    const failed = once(socket, 'error');

    proxy.link.cut();

    expect(await failed).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
  });

  it('passes an end on behind the bytes before it', async () => {
    const { dial } = await echoBehind({ down: { bytesPerSecond: 500_000 } });
    const socket = await dial();
    const ended = read(socket, Number.POSITIVE_INFINITY);

    socket.end(sent);

    expect((await ended).equals(sent)).toBe(true);
  });
});

// Half a minute each: a long run only.
it.each(isLong ? realSituations : [])(
  'over real sockets, the client misses nothing in $name',
  async (situation) => {
    const { RealNetworks } = await import('../../bench/networks/real/play.ts');
    const networks = new RealNetworks();
    onTestFinished(() => networks.close());

    // Not its bounds: in real time they depend on the machine.
    const { hasHistory } = situation;
    expect(breachesOf({ hasHistory }, await networks.play(situation, 1))).toEqual([]);
  },
);
