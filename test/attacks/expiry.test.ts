/** Sockets whose tokens have ended: the server closes them without being asked, and until then they count. */

import { CONNECTIONS_PER_USER } from 'fanfare-protocol/limits';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionsOf } from '../../lambdas/realtime/connections/revocation.ts';
import { type DynamoStores, storesOn } from '../contracts/dynamo-stores.ts';
import { knock } from '../e2e/security/knock.ts';
import { moveTokenEnd, storeConnections } from '../e2e/security/stored-connections.ts';
import { Client } from '../local/client.ts';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import type { Mint } from '../tokens.ts';

/** More than a handshake closes. */
const ENDED = 12;
const LASTING = 3;
const TOO_MANY = 3;

const IN_FLIGHT = 4;

const SWEEP = /^closeexpiredFunction/;

const ago = Math.floor(Date.now() / 1000) - 600;
const inAnHour = Math.floor(Date.now() / 1000) + 3_600;

describe('sockets whose tokens have ended', () => {
  let runtime: Runtime;
  let mint: Mint;
  let stores: DynamoStores;
  const opened: Client[] = [];
  /** Connections of a user whose tokens have all ended, then of a user who mixes lifetimes. */
  let all: readonly Client[];
  let some: readonly Client[];
  let lasting: readonly Client[];

  beforeAll(async () => {
    ({ runtime, mint } = await sharedRuntime());
    stores = await storesOn(runtime.urls.dynamodb);
    // Both have as many connections as they may, most of them without a socket.
    await storeConnections(stores, 'mixed', CONNECTIONS_PER_USER - ENDED - LASTING, inAnHour);
    await storeConnections(stores, 'ended', CONNECTIONS_PER_USER - ENDED, ago);
    some = await enterAndEnd('mixed');
    all = await enterAndEnd('ended');
    lasting = await enterAll('mixed', LASTING);
    // The tables delete all expired rows.
    await runtime.expireItems();
  });

  afterAll(() => {
    for (const client of opened) client.kill();
    stores.client.destroy();
  });

  async function enter(user: string): Promise<Client | number> {
    const outcome = await knock(runtime.urls.websocket, [SUBPROTOCOL, await mint(user)]);
    if (outcome instanceof Client) opened.push(outcome);
    return outcome;
  }

  async function enterAll(user: string, count: number): Promise<readonly Client[]> {
    const outcomes: (Client | number)[] = [];
    while (outcomes.length < count) {
      const batch = Math.min(IN_FLIGHT, count - outcomes.length);
      outcomes.push(...(await Promise.all(Array.from({ length: batch }, () => enter(user)))));
    }
    const clients = outcomes.filter((outcome) => outcome instanceof Client);
    expect(clients).toHaveLength(count);
    return clients;
  }

  /** Clients whose tokens end when all are in: their rows are written again with that end. */
  async function enterAndEnd(user: string): Promise<readonly Client[]> {
    const before = new Set(await connectionsOf(stores, user));
    const clients = await enterAll(user, ENDED);
    const ids = (await connectionsOf(stores, user)).filter((id) => !before.has(id));
    expect(ids).toHaveLength(ENDED);
    await moveTokenEnd(stores, user, ids, ago);
    return clients;
  }

  it('never let a user hold more than 100, with any mix of lifetimes', async () => {
    const later: (Client | number)[] = [];
    for (let n = 0; n < ENDED + TOO_MANY; n++) later.push(await enter('mixed'));

    const entered = later.filter((outcome) => outcome instanceof Client);
    expect(await thoseThatAnswer([...lasting, ...some, ...entered])).toBe(LASTING + ENDED);
    expect(await thoseThatAnswer(lasting)).toBe(LASTING);
    expect(later.filter((outcome) => outcome === 429)).toHaveLength(TOO_MANY);
    expect(await connectionsOf(stores, 'mixed')).toHaveLength(CONNECTIONS_PER_USER);
  });

  it('count until they are closed: the next handshake closes some and the sweep closes the rest, although pings are answered', async () => {
    const next = await enter('ended');

    if (!(next instanceof Client)) throw new Error(`The user was refused with ${next}`);
    expect(await thoseThatAnswer(all)).toBeLessThan(ENDED);

    const sweep = runtime.functionNames.find((name) => SWEEP.test(name)) ?? 'no sweep';
    expect(await runtime.functions.invoke(sweep, {})).toMatchObject({ value: { failed: 0, isDone: true } });

    const codes = await Promise.all(all.map(async ({ closed }) => (await closed).code));
    expect(new Set(codes)).toEqual(new Set([1000]));
    expect(await thoseThatAnswer([...lasting, next])).toBe(LASTING + 1);
    expect(await connectionsOf(stores, 'ended')).toHaveLength(1);
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
