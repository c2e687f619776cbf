/** Users who enter a room at about the same moment, with clients that take several joins in one frame. */

import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'fanfare-client';
import { watchMembers } from 'fanfare-client/presence';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { sharedRuntime } from '../../shared-runtime.ts';

const CROWD = Array.from({ length: 40 }, (_, n) => `crowd-${n}`);
const CHANNEL = 'room:crowd';

it('40 users who enter at once all know each other, and frames of several joins bring them', async () => {
  const { runtime, mint } = await sharedRuntime();
  let [frames, joins] = [0, 0];
  class CountedSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.on('message', (data) => {
        const found = String(data).match(/"at":/g)?.length ?? 0;
        if (!/"event":"joined"/.test(String(data))) return;
        frames += 1;
        joins += found;
      });
    }
  }
  const tokens = new Map<string, string>();
  for (const user of CROWD) tokens.set(user, await mint(user));
  const watches = CROWD.map((user) => {
    const connection = connect(runtime.urls.websocket, {
      webSocket: CountedSocket,
      token: () => tokens.get(user) ?? '',
    });
    onTestFinished(() => connection.close());
    return watchMembers(connection, CHANNEL, () => {});
  });
  await Promise.all(watches.map(({ ready }) => ready));
  while (watches.some(({ members }) => members.length < CROWD.length)) await sleep(20);

  const users = watches.map(({ members }) => members.map(({ user }) => user).toSorted());
  process.stdout.write(`40 users enter at once: ${joins} joins in ${frames} posts.\n`);
  expect(new Set(users.map((list) => list.join(' ')))).toEqual(new Set([CROWD.toSorted().join(' ')]));
});
