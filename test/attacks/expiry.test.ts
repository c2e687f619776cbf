/** Sockets whose tokens have ended: the server closes them without being asked, and until then they count. */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CONNECTIONS_PER_USER } from '../../protocol/limits.ts';
import { SUBPROTOCOL } from '../../protocol/subprotocol.ts';
import { knock } from '../e2e/security/knock.ts';
import { localStage } from '../e2e/security/local-stage.ts';
import { Client } from '../local/client.ts';
import { type Runtime, startRuntime } from '../runtime.ts';
import { type Mint, mintFor } from '../tokens.ts';

/** Each token is signed just before its handshake, which has this long. Seconds. */
const SHORT_SECONDS = 6;

/** Few, so that a busy machine is done with each of them long before its token ends. */
const IN_FLIGHT = 10;

const SWEEP = /^closeexpiredFunction/;

describe('sockets whose tokens have ended', { timeout: 90_000 }, () => {
  let runtime: Runtime;
  let mint: Mint;

  beforeAll(async () => {
    runtime = await startRuntime({ assemble: localStage({ tokens: { clockSkewSeconds: 0 } }) });
    mint = await mintFor(runtime);
  });

  afterAll(() => runtime.close());

  /** A handshake with a token that ends soon, or long after the test. */
  async function enter(user: string, life: 'short' | 'long') {
    const expiresAt = Math.floor(Date.now() / 1000) + (life === 'short' ? SHORT_SECONDS : 3_600);
    const outcome = await knock(runtime.urls.websocket, [
      SUBPROTOCOL,
      await mint(user, undefined, { expiresAt }),
    ]);
    if (outcome instanceof Client) onTestFinished(() => outcome.kill());
    return outcome;
  }

  async function enterAll(user: string, life: 'short' | 'long', count: number): Promise<Client[]> {
    const opened: (Client | number)[] = [];
    while (opened.length < count) {
      const batch = Math.min(IN_FLIGHT, count - opened.length);
      opened.push(...(await Promise.all(Array.from({ length: batch }, () => enter(user, life)))));
    }
    expect(opened.filter((outcome) => !(outcome instanceof Client))).toEqual([]);
    return opened.filter((outcome) => outcome instanceof Client);
  }

  /** The tokens of all sockets that are open by now have ended, and the tables have deleted whatever they may. */
  async function tokensEnd(): Promise<void> {
    await sleep((Math.floor(Date.now() / 1000) + SHORT_SECONDS) * 1000 - Date.now());
    await runtime.expireItems();
  }

  it('count until they are closed: the next handshake closes some, and the sweep the rest, though they answer every ping', async () => {
    const short = await enterAll('ann', 'short', CONNECTIONS_PER_USER);
    const lasting = await enterAll('bob', 'long', 3);
    await tokensEnd();

    const next = await enter('ann', 'long');

    if (!(next instanceof Client)) throw new Error(`The user was refused with ${next}`);
    expect(await thoseThatAnswer(short)).toBeLessThan(CONNECTIONS_PER_USER);

    const sweep = runtime.functionNames.find((name) => SWEEP.test(name)) ?? 'no sweep';
    expect(await runtime.functions.invoke(sweep, {})).toMatchObject({ value: { failed: 0, isDone: true } });

    const codes = await Promise.all(short.map(async ({ closed }) => (await closed).code));
    expect(new Set(codes)).toEqual(new Set([1000]));
    expect(await thoseThatAnswer([...lasting, next])).toBe(4);
  });

  it('never let a user hold more than 100, however the lifetimes are mixed', async () => {
    const lasting = await enterAll('mixed', 'long', 50);
    const short = await enterAll('mixed', 'short', 50);
    await tokensEnd();

    const later: (Client | number)[] = [];
    for (let n = 0; n < 55; n++) later.push(await enter('mixed', 'long'));

    const entered = later.filter((outcome) => outcome instanceof Client);
    expect(await thoseThatAnswer([...lasting, ...short, ...entered])).toBe(CONNECTIONS_PER_USER);
    expect(await thoseThatAnswer(lasting)).toBe(lasting.length);
    expect(later.filter((outcome) => outcome === 429)).toHaveLength(5);
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
