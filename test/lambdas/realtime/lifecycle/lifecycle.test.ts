import { describe, expect, it } from 'vitest';
import { lifecycleEvent } from '../../../../lambdas/realtime/lifecycle/lifecycle.ts';

describe('the id of an event', () => {
  it.each([
    ['connection opened#a=', lifecycleEvent('connection opened', { connectionId: 'a=' }, 1)],
    [
      'connection closed#a=',
      lifecycleEvent('connection closed', { connectionId: 'a=', reason: 'closed' }, 1),
    ],
    ['channel occupied#chat:a#7', lifecycleEvent('channel occupied', { channel: 'chat:a', version: 7 }, 7)],
    ['channel vacated#chat:a#8', lifecycleEvent('channel vacated', { channel: 'chat:a', version: 8 }, 8)],
    [
      'member joined#chat:a#7#ann',
      lifecycleEvent('member joined', { channel: 'chat:a', user: 'ann', at: 7 }, 7),
    ],
    ['member left#chat:a#8#ann', lifecycleEvent('member left', { channel: 'chat:a', user: 'ann', at: 8 }, 8)],
    ['message published#chat:a#9', lifecycleEvent('message published', { channel: 'chat:a', seq: 9 }, 1)],
  ])('is %s', (id, event) => {
    expect(event.id).toBe(id);
  });

  it('is the same for other details and at another time', () => {
    const member = { channel: 'chat:a', user: 'ann', at: 7 };

    expect(lifecycleEvent('member joined', { ...member, info: { name: 'Ann' } }, 9).id).toBe(
      lifecycleEvent('member joined', member, 7).id,
    );
  });

  it('differs for a user whose name looks like the rest of an id', () => {
    const join = (channel: string, at: number, user: string) =>
      lifecycleEvent('member joined', { channel, user, at }, 1).id;

    expect(join('chat:a', 7, '8#ann')).not.toBe(join('chat:a', 78, 'ann'));
  });
});
