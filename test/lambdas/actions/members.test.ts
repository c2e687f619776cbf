import { actionSchemas } from 'fanfare-protocol/actions';
import { MESSAGE_BYTES } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import config from '../../../fanfare.config.ts';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import { open } from '../../../lambdas/realtime/connections/membership.ts';
import { NEVER_PRESENT } from '../../../lambdas/realtime/presence/presence-state.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

describe('members', () => {
  let ports: MemoryPorts;

  beforeEach(() => {
    ports = memoryPorts();
  });

  async function ask(user: string | undefined, connectionId: string, command: object): Promise<unknown> {
    const session = sessionFixture({ user, connectionId });
    await open(ports, config({ local: true }), session);
    return JSON.parse(
      await answer(JSON.stringify(command), session, actionContext(config({ local: true }), ports)),
    );
  }

  const subscribe = { action: 'subscribe', channel: 'live:room' };
  const members = { action: 'members', channel: 'live:room', id: 1 };

  it('are the signed-in users of the channel, each once also with several tabs', async () => {
    await ask('ann', 'a1', subscribe);
    await ask('ann', 'a2', subscribe);
    await ask('bob', 'b1', subscribe);
    await ask(undefined, 'x1', subscribe);
    await ask('eve', 'e1', { ...subscribe, channel: 'live:other' });

    expect(await ask('bob', 'b1', members)).toEqual({
      event: 'members',
      channel: 'live:room',
      id: 1,
      members: [{ user: 'ann' }, { user: 'bob' }],
    });
  });

  it('of a namespace with presence are the users whom the table lists as present, page by page', async () => {
    const channel = 'chat:room';
    for (const user of ['ann', 'bob']) {
      const connections = new Map([[`${user}=`, NOW]]);
      const presence = { ...NEVER_PRESENT, state: 'here', connections, version: NOW, revision: 1 } as const;
      await ports.presence.write({ channel, user }, { ...presence, info: user.toUpperCase() }, NOW);
    }

    const asked = { action: 'members', channel, cursor: 'ann' };
    expect(await ask('cid', 'c1', asked)).toEqual({
      event: 'members',
      channel,
      members: [{ user: 'bob', info: 'BOB', at: NOW }],
    });
  });

  it('are as many as fit into a reply, and the cursor leads to the rest', async () => {
    const channel = 'chat:room';
    const users = Array.from({ length: 1_000 }, (_, n) => `user${String(n).padStart(4, '0')}`);
    for (const user of users) {
      const connections = new Map([[`${user}=`, NOW]]);
      const presence = { ...NEVER_PRESENT, state: 'here', connections, version: NOW, revision: 1 } as const;
      await ports.presence.write({ channel, user }, { ...presence, info: 'x'.repeat(1_000) }, NOW);
    }
    const found: string[] = [];
    let replies = 0;
    let cursor: string | undefined;
    do {
      const frame = await ask('cid', 'c1', { action: 'members', channel, cursor });
      expect(Buffer.byteLength(JSON.stringify(frame))).toBeLessThanOrEqual(MESSAGE_BYTES);
      const reply = v.parse(actionSchemas.members.reply, frame);
      found.push(...reply.members.map(({ user }) => user));
      cursor = reply.next;
      replies += 1;
    } while (cursor !== undefined);

    expect(found).toEqual(users);
    expect(replies).toBe(9);
  });

  it('of several commands in one frame share its room, and a command without members can be sent again', async () => {
    const channel = 'chat:room';
    const connections = new Map([['a=', NOW]]);
    const info = 'x'.repeat(100_000);
    const presence = {
      ...NEVER_PRESENT,
      state: 'here',
      connections,
      info,
      version: NOW,
      revision: 1,
    } as const;
    await ports.presence.write({ channel, user: 'ann' }, presence, NOW);

    const asked = { action: 'members', channel };
    expect(await ask('cid', 'c1', [asked, asked])).toMatchObject([
      { members: [{ user: 'ann' }] },
      { members: [], next: '' },
    ]);
    expect(await ask('cid', 'c1', { ...asked, cursor: '' })).toMatchObject({ members: [{ user: 'ann' }] });
  });

  it.each([7, null, 'x'.repeat(159)])('cannot be asked for from %j on', async (cursor) => {
    expect(await ask('ann', 'a1', { ...members, cursor })).toMatchObject({ code: 'bad-request' });
  });

  it('are shown only to users whom the namespace allows', async () => {
    expect(await ask('ann', 'a1', { ...members, channel: 'public:news' })).toMatchObject({
      code: 'forbidden',
    });
    expect(await ask(undefined, 'x1', { ...members, channel: 'chat:room' })).toMatchObject({
      code: 'unauthenticated',
    });
  });
});
