/** A user has at most 100 connections, so a leaked token serves at most 100 clients. */

import { CONNECTIONS_PER_USER } from 'fanfare-protocol/limits';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../../local/client.ts';
import { type Runtime, startRuntime } from '../../runtime.ts';
import { type Mint, mintFor } from '../../tokens.ts';
import { knock } from './knock.ts';

describe('one user', () => {
  let runtime: Runtime;
  let mint: Mint;
  let onDisconnected = () => {};

  beforeAll(async () => {
    runtime = await startRuntime({
      onInvoked: (name) => {
        if (name.startsWith('disconnect')) onDisconnected();
      },
    });
    mint = await mintFor(runtime);
  });

  afterAll(() => runtime.close());

  it(`has at most ${CONNECTIONS_PER_USER} connections: one more is refused with 429 until another is closed`, {
    timeout: 60_000,
  }, async () => {
    const { websocket } = runtime.urls;
    const [ann, bob] = [
      [SUBPROTOCOL, await mint('ann')],
      [SUBPROTOCOL, await mint('bob')],
    ];
    const open = Array.from({ length: CONNECTIONS_PER_USER }, () => Client.open(websocket, ann));
    const [first, ...others] = await Promise.all(open);

    expect(await knock(websocket, ann)).toBe(429);

    const still = await first?.ask({ action: 'subscribe', channel: '@user:ann' });
    expect(still).toMatchObject({ event: 'subscribed' });
    const neighbour = await knock(websocket, bob);
    expect(neighbour).toBeInstanceOf(Client);

    const gone = new Promise<void>((resolve) => {
      onDisconnected = resolve;
    });
    await first?.close();
    await gone;
    const next = await knock(websocket, ann);
    expect(next).toBeInstanceOf(Client);
    for (const client of [...others, neighbour, next]) if (client instanceof Client) client.kill();
  });
});
