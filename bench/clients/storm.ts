/** A process that lets a thousand clients of one kind lose their server, in virtual time. */

import * as v from 'valibot';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import { tellParent } from '../child.ts';
import { bundledModule } from './bundled.ts';
import { becomePage } from './page-globals.ts';
import { peerNamed } from './peers.ts';
import { type Storm, stormOrder } from './storm-messages.ts';
import { VirtualServer } from './virtual-server.ts';
import { VirtualTimers } from './virtual-timers.ts';

const SEED = 19;
const ADDRESS = { host: 'localhost', port: 8080, path: '' };

/** Clients arrive in the first part, and are stable when the server fails. Milliseconds. */
const ARRIVAL_MS = 10_000;
const CALM_MS = 120_000;
/** How long clients have to come back. Milliseconds. */
const RETURN_MS = 180_000;

const { name, clients, outageMs } = v.parse(stormOrder, JSON.parse(process.argv[2] ?? '{}'));
tellParent(await storm());

async function storm(): Promise<Storm> {
  const peer = peerNamed(name);
  const timers = new VirtualTimers(Date.UTC(2026, 0, 1));
  const random = randomFrom(SEED);
  Math.random = random;
  Date.now = timers.now;
  performance.now = timers.now;
  const after = (ms: number, run: () => void) => void timers.globals.setTimeout(run, ms);
  const server = new VirtualServer(peer.conversation, { now: timers.now, after }, random);
  becomePage({ ...timers.globals, WebSocket: server.webSocket });

  const module = await bundledModule(peer);
  const subscribedAt = new Map<number, number>();
  for (let client = 0; client < clients; client++)
    after(random() * ARRIVAL_MS, () => {
      const subscribed = () => void subscribedAt.set(client, timers.now());
      peer.follow(module, ADDRESS, { subscribed, received: () => {} });
    });
  await timers.pass(ARRIVAL_MS + CALM_MS);
  if (subscribedAt.size < clients)
    throw new Error(`${name}: ${subscribedAt.size} clients of ${clients} subscribed`);
  subscribedAt.clear();

  const failedAt = timers.now();
  server.attempts.length = 0;
  server.fail();
  await timers.pass(outageMs);
  server.isUp = true;
  await timers.pass(RETURN_MS);
  const since = (time: number) => time - failedAt;
  return { attempts: server.attempts.map(since), subscribed: [...subscribedAt.values()].map(since) };
}
