import { beforeEach, describe, expect, it } from 'vitest';
import config from '../../../fanfare.config.ts';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import { open } from '../../../lambdas/realtime/membership.ts';
import { type MemoryPorts, memoryPorts } from '../../memory/memory-ports.ts';
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

  const subscribe = { action: 'subscribe', channel: 'open:room' };
  const members = { action: 'members', channel: 'open:room', id: 1 };

  it('are the signed-in users of the channel, each once, however many tabs they have', async () => {
    await ask('ann', 'a1', subscribe);
    await ask('ann', 'a2', subscribe);
    await ask('bob', 'b1', subscribe);
    await ask(undefined, 'x1', subscribe);
    await ask('eve', 'e1', { ...subscribe, channel: 'open:other' });

    expect(await ask('bob', 'b1', members)).toEqual({
      event: 'members',
      channel: 'open:room',
      id: 1,
      members: [{ user: 'ann' }, { user: 'bob' }],
    });
  });

  it('are told only to those whom the namespace lets know', async () => {
    expect(await ask('ann', 'a1', { ...members, channel: 'public:news' })).toMatchObject({
      code: 'forbidden',
    });
    expect(await ask(undefined, 'x1', { ...members, channel: 'chat:room' })).toMatchObject({
      code: 'unauthenticated',
    });
  });
});
