/** A process with one client and its server: it measures the first message, or cuts the link, as its parent says. */

import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { tellParent } from '../child.ts';
import { bundledModule } from './bundled.ts';
import { type ChannelServer, servers } from './channel-server.ts';
import { CuttableLink } from './cuttable-link.ts';
import { becomePage } from './page-globals.ts';
import { peerNamed } from './peers.ts';
import { type AfterCut, type RealCommand, realCommand, realOrder } from './real-messages.ts';

const CUT_SECONDS = 30;
/** Published a second apart, before the cut and after the first message behind it. */
const BEFORE = 5;
const AFTER = 10;
/** How long the client may take to come back. */
const PATIENCE_SECONDS = 90;
const SECOND_MS = 1_000;

const { name, server: kind } = v.parse(realOrder, JSON.parse(process.argv[2] ?? '{}'));
const peer = peerNamed(name);
const server = await servers[kind](peer);
becomePage({ WebSocket });
const module = await bundledModule(peer);

const commands: Readonly<Record<RealCommand, () => Promise<object>>> = {
  'first message': async () => ({ ms: await firstMessage() }),
  cut: () => cut(server),
};

process.on('message', async (message) => tellParent(await commands[v.parse(realCommand, message)]()));
process.on('disconnect', () => process.exit());
tellParent({ isReady: true });

/** From opening a client to a message that is published when it is subscribed. */
async function firstMessage(): Promise<number> {
  const startedAt = performance.now();
  const { promise, resolve } = withResolvers();
  const close = peer.follow(module, server.address, {
    subscribed: () => server.publish(1),
    received: resolve,
  });
  await promise;
  const ms = performance.now() - startedAt;
  close();
  return ms;
}

async function cut({ address, publish }: ChannelServer): Promise<AfterCut> {
  const link = await CuttableLink.to(address);
  const received: number[] = [];
  let published = 0;
  let restoredAt: number | undefined;
  let backMs: number | undefined;
  const { promise: first, resolve } = withResolvers();
  const close = peer.follow(module, link.address, {
    subscribed: resolve,
    received(number) {
      received.push(number);
      if (restoredAt !== undefined) backMs ??= performance.now() - restoredAt;
    },
  });
  await first;
  const publishFor = async (seconds: number, isOver = () => false) => {
    for (let second = 0; second < seconds && !isOver(); second++) {
      published += 1;
      publish(published);
      await sleep(SECOND_MS);
    }
  };

  await publishFor(BEFORE);
  await link.cut();
  await publishFor(CUT_SECONDS);
  const away = numbers(BEFORE + 1, published);
  await link.restore();
  restoredAt = performance.now();
  await publishFor(PATIENCE_SECONDS, () => backMs !== undefined);
  await publishFor(AFTER);
  close();
  return { published: numbers(1, published), away, received, backMs };
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** As `Promise.withResolvers`, which Node.js 20 does not have. */
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
