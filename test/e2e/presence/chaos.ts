/**
 * Users with several tabs come and go in every possible way, while functions die in the middle of their work. Then the run is
 * silent, and compares the list of every observer with the users who are really there.
 */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { connect } from 'fanfare-client';
import { watchMembers } from 'fanfare-client/presence';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { dynamoPresence } from '../../../lambdas/aws/dynamo-presence.ts';
import { visitInFlight } from '../../../lambdas/realtime/in-flight.ts';
import { randomFrom } from '../../../packages/local/src/seeded-random.ts';
import { type Changes, keptAssembly } from '../../kept-assembly.ts';
import { PATIENT_CLIENT } from '../../patient-client.ts';
import { type Runtime, startRuntime } from '../../runtime.ts';
import { mintFor } from '../../tokens.ts';
import {
  type ChaosResult,
  type Room,
  type StoredVersions,
  tabsOf,
  type User,
  verdict,
} from './chaos-verdict.ts';
import { Tab } from './tab.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly rooms: number;
  readonly usersPerRoom: number;
  readonly tabsPerUser: number;
  /** Tabs that are opened after the first ones. Each replaces a tab that is closed or cut. */
  readonly connects: number;
  /** The number of connects after which a function is killed. */
  readonly connectsPerKill: number;
}

/** Only the functions that presence needs, because other readers of the same streams would use as much time as presence itself. */
const changes: Changes = {
  config: new URL('../../shared-config.ts', import.meta.url),
  fallback: 'none',
  lifecycleEvents: { connections: false, channels: false, members: false, messages: 'none' },
};

/** As many as one core serves without long waits. */
const CONNECTS_IN_FLIGHT = 8;

export async function presenceChaos(options: ChaosOptions): Promise<ChaosResult> {
  const runtime = await startRuntime({
    assemble: () => keptAssembly(changes),
    maxEnvironments: 8,
    streamRetryDelaysMs: [20],
    asyncRetryDelaysMs: [20],
  });
  try {
    return await run(runtime, options);
  } finally {
    await runtime.close();
  }
}

async function run(runtime: Runtime, options: ChaosOptions): Promise<ChaosResult> {
  const random = randomFrom(options.seed);
  const mint = await mintFor(runtime);
  const rooms = roomsOf(options);
  const counts = { connects: 0, cuts: 0, kills: 0 };
  const everybody = rooms.flatMap((room) => room.users.map((user) => ({ room, user })));
  const tokens = new Map(
    await Promise.all(everybody.map(async ({ user }) => [user.name, await mint(user.name)] as const)),
  );

  const enter = async ({ channel }: Room, user: User, place: number) => {
    const tab = await openUntilIn(runtime, tokens.get(user.name));
    user.tabs[place] = tab;
    counts.connects += 1;
    await tab.enter(channel);
  };

  await watchAll(runtime, rooms);
  const first = everybody.flatMap(({ room, user }) => user.tabs.map((_, place) => ({ room, user, place })));
  await visitInFlight(first, CONNECTS_IN_FLIGHT, ({ room, user, place }) => enter(room, user, place));

  // All random choices are made before the run begins, so that a seed always gives the same run.
  const turns = Array.from({ length: options.connects }, (_, turn) => ({
    ...pick(everybody, random),
    place: Math.floor(random() * options.tabsPerUser),
    isCut: random() < 1 / 2,
    killed: turn % options.connectsPerKill === 0 ? random() : undefined,
  }));
  await visitInFlight(turns, CONNECTS_IN_FLIGHT, ({ room, user, place, isCut, killed }) => {
    if (killed !== undefined) counts.kills += kill(runtime, killed);
    if (isCut) counts.cuts += 1;
    // One after the other, or two would take the place of one.
    user.busy = user.busy.then(async () => {
      const old = user.tabs[place];
      if (old) await end(old, isCut);
      await enter(room, user, place);
    });
    return user.busy;
  });

  // In the end, half of all users are gone.
  const leaving = everybody
    .filter(() => random() < 1 / 2)
    .map(({ user }) => ({ user, isCut: random() < 1 / 2 }));
  await visitInFlight(leaving, CONNECTS_IN_FLIGHT, async ({ user, isCut }) => {
    for (const [place, tab] of user.tabs.entries()) {
      user.tabs[place] = undefined;
      if (tab) await end(tab, isCut);
    }
  });
  await settle(runtime, rooms);
  return verdict(rooms, await storedVersions(runtime, rooms), counts);
}

async function storedVersions({ urls, tables }: Runtime, rooms: readonly Room[]): Promise<StoredVersions> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: urls.dynamodb, region: 'us-east-1', credentials });
  const presence = dynamoPresence(client, tables.find((name) => name.startsWith('StoragePresence')) ?? '');
  const versions = new Map<string, number>();
  for (const { channel, users } of rooms)
    for (const { name } of users)
      versions.set(name, (await presence.read({ channel, user: name }))?.version ?? 0);
  client.destroy();
  return versions;
}

function roomsOf({ rooms, usersPerRoom, tabsPerUser }: ChaosOptions): Room[] {
  return Array.from({ length: rooms }, (_, room) => ({
    channel: `room:${room}`,
    watches: [],
    witnesses: [],
    users: Array.from({ length: usersPerRoom }, (_user, user) => ({
      name: `user-${room}-${user}`,
      tabs: Array<undefined>(tabsPerUser).fill(undefined),
      busy: Promise.resolve(),
    })),
  }));
}

/** In every room, two observers stay: one with the client library, and one that records every event. */
async function watchAll(runtime: Runtime, rooms: readonly Room[]): Promise<void> {
  await visitInFlight(rooms, CONNECTS_IN_FLIGHT, async ({ channel, watches, witnesses }) => {
    const connection = connect(runtime.urls.websocket, { webSocket: WebSocket, ...PATIENT_CLIENT });
    const watch = watchMembers(connection, channel, () => {});
    watches.push({ connection, watch });
    await watch.ready;
    const witness = await Tab.open(runtime.urls.websocket);
    witnesses.push(witness);
    await witness.enter(channel);
  });
}

/** A killed authorizer or `$connect` refuses a handshake. */
async function openUntilIn({ urls }: Runtime, token: string | undefined): Promise<Tab> {
  for (;;) {
    const tab = await Tab.open(urls.websocket, token).catch(() => undefined);
    if (tab) return tab;
  }
}

async function end(tab: Tab, isCut: boolean): Promise<void> {
  if (isCut) tab.kill();
  else await tab.close();
  await tab.closed;
}

/** Kills an execution environment at any line of its code. */
function kill({ functions, functionNames }: Runtime, random: number): number {
  const running = functionNames.flatMap((name) => functions.pool(name)?.running() ?? []);
  const environment = running[Math.floor(random * running.length)];
  environment?.kill('Killed by chaos.');
  return environment ? 1 : 0;
}

/**
 * Fanfare notices a socket that died without a close frame at the next post, so each room gets one message. When no work is left
 * and the clients have received every post, each observer knows the final members.
 */
async function settle(runtime: Runtime, rooms: readonly Room[]): Promise<void> {
  // A publisher of its own, because a witness may have been closed.
  const publisher = await openUntilIn(runtime, undefined);
  for (const { channel } of rooms) {
    const reply = await publisher.ask({ action: 'publish', channel, data: 'anybody there?' });
    v.parse(v.looseObject({ event: v.literal('published') }), reply);
  }
  publisher.kill();
  await runtime.idle();
  for (const room of rooms) {
    await Promise.all(tabsOf(room).map((tab) => tab.received()));
    await Promise.all(room.watches.map(({ connection }) => connection.ping()));
  }
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from');
  return item;
}
