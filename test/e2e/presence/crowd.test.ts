/** Users who enter a room at about the same moment, or one by one, and leave it together, with clients that take several changes in one frame. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, connect } from 'fanfare-client';
import { type MemberWatch, watchMembers } from 'fanfare-client/presence';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { sharedRuntime } from '../../shared-runtime.ts';

const CROWD = Array.from({ length: 40 }, (_, n) => `crowd-${n}`);

let shared: Awaited<ReturnType<typeof sharedRuntime>>;
const tokens = new Map<string, string>();

beforeAll(async () => {
  shared = await sharedRuntime();
  for (const user of CROWD) tokens.set(user, await shared.mint(user));
});

/** A room whose posts about members are counted. */
class Room {
  frames = 0;
  changes = 0;
  readonly watches: { readonly connection: Connection; readonly watch: MemberWatch }[] = [];
  private readonly channel: string;

  constructor(channel: string) {
    this.channel = channel;
    onTestFinished(() => {
      for (const { connection } of this.watches) connection.close();
    });
  }

  enter(user: string): MemberWatch {
    const connection = connect(shared.runtime.urls.websocket, {
      webSocket: this.countedSocket(),
      token: () => tokens.get(user) ?? '',
    });
    const watch = watchMembers(connection, this.channel, () => {});
    this.watches.push({ connection, watch });
    return watch;
  }

  async allKnowAll(): Promise<void> {
    while (this.watches.some(({ watch }) => watch.members.length < this.watches.length)) await sleep(5);
  }

  get lists(): ReadonlySet<string> {
    const users = this.watches.map(({ watch }) => watch.members.map(({ user }) => user).toSorted());
    return new Set(users.map((list) => list.join(' ')));
  }

  private countedSocket() {
    const count = (data: string) => {
      if (!/"event":"(joined|left)"/.test(data)) return;
      this.frames += 1;
      this.changes += data.match(/"at":/g)?.length ?? 0;
    };
    return class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        this.on('message', (data) => count(String(data)));
      }
    };
  }
}

/** How often the function has run since the call. */
function executionsOf(name: string): () => number {
  let executions = 0;
  onTestFinished(
    shared.onInvoked((invoked) => {
      if (invoked.endsWith(name)) executions += 1;
    }),
  );
  return () => executions;
}

it('40 users who enter at once all know each other, and frames of several joins bring them', async () => {
  const room = new Room('room:crowd');
  for (const user of CROWD) room.enter(user);
  await Promise.all(room.watches.map(({ watch }) => watch.ready));
  await room.allKnowAll();

  process.stdout.write(`40 users enter at once: ${room.changes} joins in ${room.frames} posts.\n`);
  expect(room.lists).toEqual(new Set([CROWD.toSorted().join(' ')]));
});

it('40 users who leave at once are told of in few frames, and the stage has one worker that waits for them', async () => {
  const room = new Room('room:crowd-leaves');
  const witness = room.enter('crowd-0');
  await witness.ready;
  for (const user of CROWD.slice(1)) room.enter(user);
  await room.allKnowAll();
  await shared.runtime.idle();
  const executions = executionsOf('farewell');
  const framesBefore = room.frames;
  for (const { connection } of room.watches.slice(1)) connection.close();
  while (witness.members.length > 1) await sleep(20);
  await shared.runtime.idle();

  const frames = room.frames - framesBefore;
  process.stdout.write(`39 users leave at once: ${executions()} executions of farewell, ${frames} posts.\n`);
  expect(witness.members.map(({ user }) => user)).toEqual(['crowd-0']);
});

it('40 users who enter one by one are each told before the next one comes', async () => {
  const room = new Room('room:crowd-one-by-one');
  const started = performance.now();
  for (const user of CROWD) {
    await room.enter(user).ready;
    await room.allKnowAll();
  }

  const each = Math.round((performance.now() - started) / CROWD.length);
  process.stdout.write(`40 users enter one by one, ${each} ms each: ${room.frames} posts.\n`);
  expect(room.lists).toEqual(new Set([CROWD.toSorted().join(' ')]));
});
