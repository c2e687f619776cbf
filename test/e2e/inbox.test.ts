/** Inboxes over the local runtime: a user reads on several devices, and the server keeps how far they are. */

import { connect } from 'fanfare-client';
import { type InboxHandler, openInbox } from 'fanfare-client/inbox';
import { FanfareServer } from 'fanfare-client/server';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { serverAudience } from '../../lambdas/identity/own-token.ts';
import { Client } from '../local/client.ts';
import { PATIENT_CLIENT } from '../patient-client.ts';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import type { Mint } from '../tokens.ts';

const MISSED = 1_000;
const FIRST_SESSION = 400;
const AN_HOUR_MS = 60 * 60 * 1000;

describe('an inbox over the local runtime', () => {
  let runtime: Runtime;
  let mint: Mint;
  let server: FanfareServer;

  beforeAll(async () => {
    ({ runtime, mint } = await sharedRuntime());
    const token = await mint('billing', undefined, { audience: serverAudience('local') });
    server = new FanfareServer(runtime.urls.http, { token });
  });

  async function send(user: string, count: number, from = 0): Promise<void> {
    for (let sent = 0; sent < count; sent += 50) {
      const size = Math.min(50, count - sent);
      const messages = Array.from({ length: size }, (_, n) => ({ data: from + sent + n }));
      await server.call('publish', { users: [user], messages });
    }
  }

  /** A device of the user, with an inbox whose handler gets the number of earlier messages. */
  async function device(user: string, handler: (count: number) => ReturnType<InboxHandler>) {
    const token = await mint(user);
    const connection = connect(runtime.urls.websocket, { token, webSocket: WebSocket, ...PATIENT_CLIENT });
    onTestFinished(() => connection.close());
    const read: unknown[] = [];
    const inbox = openInbox(
      connection,
      user,
      ({ data }) => {
        read.push(data);
        return handler(read.length);
      },
      // Marks only at the end. So the slower device begins at the same position as the other one.
      { markEveryMs: AN_HOUR_MS },
    );
    return { connection, inbox, read };
  }

  /** A session that ends when it has read `count` messages. */
  async function session(user: string, count: number): Promise<readonly unknown[]> {
    const { connection, inbox, read } = await device(user, (had) => {
      if (had === count) void inbox.close();
    });
    await inbox.ended;
    connection.close();
    return read;
  }

  const positionOf = async (user: string) =>
    (await server.call('position', { user, channel: `@user:${user}` })).seq;

  it(`gives ${MISSED} messages to a user who was away, in order in two sessions on two devices, 0 lost and 0 twice`, async () => {
    await send('traveller', MISSED);

    const onPhone = await session('traveller', FIRST_SESSION);
    const onLaptop = await session('traveller', MISSED - FIRST_SESSION);

    expect(onPhone).toHaveLength(FIRST_SESSION);
    expect([...onPhone, ...onLaptop]).toEqual(Array.from({ length: MISSED }, (_, n) => n));
  });

  it('shows servers how far the user has read', async () => {
    await send('reader', 3);
    expect(await positionOf('reader')).toBeUndefined();

    await session('reader', 2);
    const { messages } = await server.call('history', { channel: '@user:reader' });

    expect(await positionOf('reader')).toBe(messages[1]?.seq);
  });

  it('begins on the next device with the message at which a handler failed', async () => {
    await send('unlucky', 3);
    const { inbox, read } = await device('unlucky', (had) => {
      if (had === 2) throw new Error('The disk is full');
    });
    await expect(inbox.ended).rejects.toThrow('The disk is full');

    expect(read).toEqual([0, 1]);
    expect(await session('unlucky', 2)).toEqual([1, 2]);
  });

  it('delivers on two devices at once, and the next device begins where the further one is', async () => {
    await send('owner', 1);
    const both = await Promise.all(
      ['phone', 'laptop'].map(async () => {
        let begin = () => {};
        const begun = new Promise<void>((resolve) => {
          begin = resolve;
        });
        const reader = await device('owner', (had) => {
          if (had === 1) begin();
          if (had === 4) void reader.inbox.close();
        });
        return { ...reader, begun };
      }),
    );
    await Promise.all(both.map(({ begun }) => begun));
    await send('owner', 3, 1);
    await Promise.all(both.map(({ inbox }) => inbox.ended));

    expect(both.map(({ read }) => read)).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    await send('owner', 1, 4);
    expect(await session('owner', 1)).toEqual([4]);
  });

  it('works with a bare WebSocket, too', async () => {
    await send('bare', 3);
    const token = await mint('bare');
    const inbox = { channel: '@user:bare' };
    const first = await Client.open(runtime.urls.websocket, ['fanfare.v1', token]);
    const all = await first.ask({ action: 'subscribe', ...inbox, after: 'marked' });
    expect(all).toMatchObject({ recovered: true, messages: [{ data: 0 }, { data: 1 }, { data: 2 }] });
    const { messages } = await server.call('history', inbox);
    const seq = messages[1]?.seq ?? 0;

    expect(await first.ask({ action: 'mark', ...inbox, seq })).toEqual({ event: 'marked', ...inbox, seq });
    expect(await first.ask({ action: 'mark', ...inbox, seq: 1 })).toMatchObject({ event: 'marked', seq });
    first.kill();

    const second = await Client.open(runtime.urls.websocket, ['fanfare.v1', token]);
    expect(await second.ask({ action: 'subscribe', ...inbox, after: 'marked' })).toMatchObject({
      recovered: true,
      messages: [{ data: 2 }],
    });
    second.kill();
  });
});
