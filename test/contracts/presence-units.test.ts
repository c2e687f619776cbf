/** The read and write units of presence with info, on the embedded DynamoDB. */

import { expect, it } from 'vitest';
import { actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import { batchWrite } from '../../lambdas/aws/batch-write.ts';
import { subscriptionItem } from '../../lambdas/aws/subscription-item.ts';
import type { FanfareConfig } from '../../lambdas/realtime/access/namespaces.ts';
import { open, standingOf, subscriptionOf } from '../../lambdas/realtime/connections/membership.ts';
import { subscribersOf } from '../../lambdas/realtime/delivery/audience.ts';
import { attend, makeDue } from '../../lambdas/realtime/presence/attendance.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { collect, memoryPorts, NOW } from '../memory/memory-ports.ts';
import { openConfig } from '../memory/open-config.ts';
import { tableName } from './dynamo-stores.ts';
import { meteredStores } from './metered-stores.ts';

const metered = meteredStores();
const INFO = 'i'.repeat(1_000);
const room = {
  subscribe: 'signed-in',
  publish: 'signed-in',
  members: 'signed-in',
  history: 'none',
  presence: { lingerSeconds: 10 },
} as const;
const config: FanfareConfig = { ...openConfig, namespaces: { ...openConfig.namespaces, room } };

const userSession = (user: string) =>
  sessionFixture({ connectionId: `${user}=`, user, info: INFO, connectedAt: NOW });

async function run(user: string, command: object): Promise<unknown> {
  const ports = { ...memoryPorts(), ...metered().stores };
  return JSON.parse(await answer(JSON.stringify(command), userSession(user), actionContext(config, ports)));
}

async function connect(user: string): Promise<void> {
  await open({ ...memoryPorts(), ...metered().stores }, config, userSession(user));
}

it('the audience of 1,000 subscribers whose tokens have 1 KB of info takes at most 40 read units', async () => {
  const channel = 'room:wide';
  const placement = { channel, shard: 0 };
  const rows = Array.from({ length: 1_000 }, (_, n) => {
    const session = userSession(`user-${n}`);
    return subscriptionItem(
      subscriptionOf(session, placement, 1, standingOf(config, room, session, channel, true)),
    );
  });
  for (let from = 0; from < rows.length; from += 25)
    await batchWrite(
      metered().stores.client,
      rows.slice(from, from + 25).map((Item) => [tableName('Subscriptions'), { PutRequest: { Item } }]),
    );

  const { read } = await metered().unitsOf(async () => {
    const audience = await collect(subscribersOf({ ...memoryPorts(), ...metered().stores }, channel));
    expect(audience).toHaveLength(1_000);
  });

  process.stdout.write(`The audience of 1,000 with info: ${read} read units.\n`);
  expect(read).toBeLessThanOrEqual(40);
});

it('a subscribe with presence and 1 KB of info takes two write units, and so does an unsubscribe', async () => {
  const channel = 'room:small';
  await connect('ann');

  const come = await metered().unitsOf(() => run('ann', { action: 'subscribe', channel }));
  const go = await metered().unitsOf(() => run('ann', { action: 'unsubscribe', channel }));

  process.stdout.write(`Subscribe ${come.write}, unsubscribe ${go.write} write units.\n`);
  expect([come.write, go.write]).toEqual([2, 2]);
});

it('with 1 KB of info a join takes four write units of the table and a leave six, beside the window and the worker', async () => {
  const channel = 'room:left';
  let now = NOW;
  const windows = { close: async () => ({ isMine: true, closedUntil: 0 }), fit: async () => {} };
  const ports = { ...memoryPorts(), ...metered().stores, windows, now: () => now };
  const sighting = [{ user: 'bob', connections: new Map([['bob=', { channel, shard: 0 }]]) }];
  const look = () => metered().unitsOf(() => attend(ports, channel, sighting, 10_000));
  await connect('bob');
  await run('bob', { action: 'subscribe', channel });

  const come = await look();
  await run('bob', { action: 'unsubscribe', channel });
  const go = await look();
  now += 10_000;
  const gone = await metered().unitsOf(() => makeDue(ports, channel, [{ user: 'bob' }]));

  const left = await ports.presence.read({ channel, user: 'bob' });
  expect(left).toMatchObject({ state: 'gone', info: INFO });
  expect([come, go, gone].map(({ write }) => write)).toEqual([4, 2, 4]);
});
