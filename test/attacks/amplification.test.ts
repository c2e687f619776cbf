/**
 * A few bytes from a client must not cause many delivered bytes, in any mix of commands. `test/lambdas/actions/charged.test.ts`
 * has all mixes, with 1 MB of each. This file has those that differ over sockets and HTTP.
 */

import { BURST_MS, SURPLUS_BYTES_PER_SECOND } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { stackNameOf } from '../../lib/settings/stack-name.ts';
import { DEFAULT_ENVIRONMENTS } from '../../packages/local/src/functions/function-pool.ts';
import { Client } from '../local/client.ts';
import { tries } from '../running/counts.ts';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import type { Mint } from '../tokens.ts';
import { CountingSocket } from './counting-socket.ts';

const MB = 1024 * 1024;

/** Each would bring 100 KB, if polls were not counted. */
const POLLS = tries({ short: 40, long: 100 });

/** The share of each container: a part of the rate, and how many seconds' worth of it at once. */
const SHARE = { rate: 0.05, seconds: 6 };

/** As long as an issuer may make it. */
const LONG_USER = 'u'.repeat(158);

interface Attack {
  /** The commands of one frame. */
  readonly frame: (channel: string, first: number) => unknown;
  readonly user?: string;
  /** The size of each message that is published before the attack. Bytes. */
  readonly backlog?: number;
  /** The most frames; fewer if these make 1 MB. */
  readonly frames?: number;
}

/** The answer to a refused poll. */
const wait = v.object({ code: v.string(), retryAfter: v.number() });

const head = v.object({ seq: v.number() });

const times = <Item>(count: number, make: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => make(index));

const drafts = (count: number) => times(count, () => ({ data: 1 }));

/** In a short run, too, each would bring more than is allowed if nothing of it were refused. */
const attacks: Readonly<Record<string, Attack>> = {
  'publishes of 50 digits each, in arrays, by a user with a long id': {
    frame: (channel) => times(10, () => ({ action: 'publish', channel, messages: drafts(50) })),
    user: LONG_USER,
    frames: tries({ short: 30, long: 100 }),
  },
  'histories, one by one': {
    frame: (channel) => ({ action: 'history', channel, limit: 1_000 }),
    backlog: 200_000,
    frames: tries({ short: 40, long: 300 }),
  },
  'subscriptions from a position, one by one': {
    frame: (channel, first) => ({ action: 'subscribe', channel, after: first }),
    backlog: 200_000,
    frames: tries({ short: 40, long: 300 }),
  },
  'everything in turn': {
    frame: (channel, first) => [
      { action: 'publish', channel, messages: drafts(50) },
      { action: 'history', channel, limit: 1_000 },
      { action: 'subscribe', channel, after: first },
      { action: 'members', channel },
      { action: 'mark', channel, seq: first },
      ...times(5, () => ({ action: 'publish', channel, data: 1 })),
    ],
    backlog: 100_000,
    user: LONG_USER,
    frames: tries({ short: 25, long: 120 }),
  },
};

describe('for what one connection sends as fast as the server takes it, up to 1 MB', () => {
  let runtime: Runtime;
  let mint: Mint;
  let channels = 0;

  beforeAll(async () => {
    ({ runtime, mint } = await sharedRuntime());
  });

  /** Enough messages of 10 KB in the channel; answers the position before them. */
  async function prepare(channel: string, bytes: number): Promise<number> {
    const client = await Client.open(runtime.urls.websocket);
    const subscribed = v.parse(head, await client.ask({ action: 'subscribe', channel }));
    await client.ask({ action: 'unsubscribe', channel });
    const command = { action: 'publish', channel, data: 'x'.repeat(10_000) };
    for (let sent = 0; sent < bytes; sent += 10_000) await client.ask(command);
    await client.close();
    return subscribed.seq;
  }

  it.each(Object.keys(attacks))(
    'each subscriber gets no more bytes than the limits allow: %s',
    async (name) => {
      const attack = attacks[name];
      if (!attack) throw new Error('There is no such attack');
      channels += 1;
      const channel = `open:amplified-${channels}`;
      const first = await prepare(channel, attack.backlog ?? 0);
      const subscriber = await CountingSocket.open(runtime.urls.websocket);
      await subscriber.flood([JSON.stringify({ action: 'subscribe', channel })]);
      const sender = await CountingSocket.open(
        runtime.urls.websocket,
        attack.user && (await mint(attack.user)),
      );
      await sender.flood([JSON.stringify({ action: 'subscribe', channel })]);
      const frame = JSON.stringify(attack.frame(channel, first));
      const count = Math.min(attack.frames ?? Number.POSITIVE_INFINITY, Math.ceil(MB / frame.length));

      const startedAt = performance.now();
      await sender.flood(times(count, () => frame));
      const seconds = (performance.now() - startedAt) / 1000;
      // Inline posts leave before their reply. This reply goes the same way, so all posts have arrived.
      await subscriber.flood(['{"action":"unsubscribe","channel":"open:nothing"}']);
      sender.close();
      subscriber.close();

      const sent = count * frame.length;
      const mb = (bytes: number) => (bytes / MB).toFixed(2);
      process.stdout.write(
        `Amplification by ${name}: ${mb(sent)} MB sent in ${seconds.toFixed(1)} s, ${mb(subscriber.pushed)} MB at a subscriber, ` +
          `${mb(sender.pushed + sender.answered)} MB at the sender, and ${mb(sender.refused)} MB of refusals.\n`,
      );
      const shares = DEFAULT_ENVIRONMENTS * SHARE.rate * (SHARE.seconds + seconds);
      const allowed = sent + SURPLUS_BYTES_PER_SECOND * (BURST_MS / 1000 + seconds + shares);
      expect(subscriber.pushed).toBeLessThanOrEqual(allowed);
      expect(sender.pushed + sender.answered).toBeLessThanOrEqual(allowed);
      expect([...subscriber.deliveries.values()].filter((deliveries) => deliveries > 1)).toEqual([]);
    },
  );

  it('polls that acknowledge nothing get no more bytes either, and lose no frame', async () => {
    const session = 'a-session-that-polls';
    const channel = 'open:polled';
    const url = runtime.urls.functionUrls[`${stackNameOf('local')}-fallback`] ?? '';
    const poll = (query: string) => fetch(`${url}poll?session=${session}&${query}`);
    await poll('open=1');
    await fetch(`${url}?session=${session}`, {
      method: 'POST',
      body: JSON.stringify({ action: 'subscribe', channel }),
    });
    await prepare(channel, 400_000);

    const startedAt = performance.now();
    let sent = 0;
    let bytes = 0;
    let refused = 0;
    for (let n = 0; n < POLLS; n++) {
      const response = await poll('ack=');
      sent += response.url.length;
      const body = await response.text();
      if (response.ok) bytes += body.length;
      else {
        refused += 1;
        expect(v.parse(wait, JSON.parse(body)).code).toBe('rate-limited');
      }
    }
    const seconds = (performance.now() - startedAt) / 1000;

    process.stdout.write(
      `Amplification by polls without an acknowledgement: ${sent} bytes sent in ${seconds.toFixed(1)} s, ` +
        `${(bytes / MB).toFixed(2)} MB answered, ${refused} of ${POLLS} refused.\n`,
    );
    const shares = DEFAULT_ENVIRONMENTS * SHARE.rate * (SHARE.seconds + seconds);
    expect(bytes).toBeLessThanOrEqual(sent + SURPLUS_BYTES_PER_SECOND * (BURST_MS / 1000 + seconds + shares));
  });
});
