/** Sockets whose tokens have ended: the server closes them without being asked, and until then they count. */

import { setTimeout as sleep } from 'node:timers/promises';
import { CONNECTIONS_PER_USER } from 'fanfare-protocol/limits';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knock } from '../e2e/security/knock.ts';
import { localStage } from '../e2e/security/local-stage.ts';
import { Client } from '../local/client.ts';
import { type Runtime, startRuntime } from '../runtime.ts';
import { type Mint, mintFor } from '../tokens.ts';

const SHORT_SECONDS = 8;
const LONG_SECONDS = 3_600;

const IN_FLIGHT = 5;

const SWEEP = /^closeexpiredFunction/;

describe('sockets whose tokens have ended', { timeout: 120_000 }, () => {
  let runtime: Runtime;
  let mint: Mint;
  const opened: Client[] = [];
  /** Connections of ann, then of a user who mixes lifetimes. */
  let all: readonly Client[];
  let some: readonly Client[];
  let lasting: readonly Client[];

  beforeAll(async () => {
    runtime = await startRuntime({ assemble: localStage({ tokens: { clockSkewSeconds: 0 } }) });
    mint = await mintFor(runtime);
    lasting = await enterAll('mixed', LONG_SECONDS, CONNECTIONS_PER_USER - 20);
    all = await enterAll('ann', SHORT_SECONDS, CONNECTIONS_PER_USER);
    some = await enterAll('mixed', SHORT_SECONDS, 20);
    // The last token ends, and the tables delete all expired rows.
    await sleep(SHORT_SECONDS * 1000);
    await runtime.expireItems();
  }, 240_000);

  afterAll(async () => {
    for (const client of opened) client.kill();
    await runtime.close();
  });

  async function enter(user: string, seconds = LONG_SECONDS): Promise<Client | number> {
    const token = await mint(user, undefined, { expiresAt: Math.floor(Date.now() / 1000) + seconds });
    const outcome = await knock(runtime.urls.websocket, [SUBPROTOCOL, token]);
    // A busy machine may be slower than a short token.
    if (outcome === 401) return enter(user, seconds);
    if (outcome instanceof Client) opened.push(outcome);
    return outcome;
  }

  async function enterAll(user: string, seconds: number, count: number): Promise<readonly Client[]> {
    const outcomes: (Client | number)[] = [];
    while (outcomes.length < count) {
      const batch = Math.min(IN_FLIGHT, count - outcomes.length);
      outcomes.push(...(await Promise.all(Array.from({ length: batch }, () => enter(user, seconds)))));
    }
    const clients = outcomes.filter((outcome) => outcome instanceof Client);
    expect(clients).toHaveLength(count);
    return clients;
  }

  it('never let a user hold more than 100, with any mix of lifetimes', async () => {
    const later: (Client | number)[] = [];
    for (let n = 0; n < 25; n++) later.push(await enter('mixed'));

    const entered = later.filter((outcome) => outcome instanceof Client);
    expect(await thoseThatAnswer([...lasting, ...some, ...entered])).toBe(CONNECTIONS_PER_USER);
    expect(await thoseThatAnswer(lasting)).toBe(lasting.length);
    expect(later.filter((outcome) => outcome === 429)).toHaveLength(5);
  });

  it('count until they are closed: the next handshake closes some and the sweep closes the rest, although pings are answered', async () => {
    const next = await enter('ann');

    if (!(next instanceof Client)) throw new Error(`The user was refused with ${next}`);
    expect(await thoseThatAnswer(all)).toBeLessThan(CONNECTIONS_PER_USER);

    const sweep = runtime.functionNames.find((name) => SWEEP.test(name)) ?? 'no sweep';
    expect(await runtime.functions.invoke(sweep, {})).toMatchObject({ value: { failed: 0, isDone: true } });

    const codes = await Promise.all(all.map(async ({ closed }) => (await closed).code));
    expect(new Set(codes)).toEqual(new Set([1000]));
    expect(await thoseThatAnswer([...lasting, next])).toBe(lasting.length + 1);
  });
});

/** How many sockets are open: one that the server has closed does not answer. */
async function thoseThatAnswer(clients: readonly Client[]): Promise<number> {
  const answers = await Promise.all(
    clients.map(async (client) => {
      if (client.socket.readyState !== client.socket.OPEN) return false;
      return Promise.race([client.ask({ action: 'ping' }).then(() => true), client.closed.then(() => false)]);
    }),
  );
  return answers.filter(Boolean).length;
}
