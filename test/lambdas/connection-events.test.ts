import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CHANGED_AT, eventBridgeMock, streamEvent } from './stream-records.ts';

vi.stubEnv('EVENT_SOURCE', 'fanfare.prod');
vi.stubEnv('AWS_REGION', 'us-east-1');

const bridge = eventBridgeMock();
const { handler } = await import('../../lambdas/connection-events.ts');

const key = { connectionId: { S: 'Abc=' } };
const ofAnn = { user: { S: 'ann' }, expiresAt: { N: '1' } };
const time = CHANGED_AT * 1000;

describe('a change of the connections', () => {
  beforeEach(() => bridge.reset());

  it('that adds one is sent as opened, with its user', async () => {
    await handler(streamEvent({ key, after: ofAnn }));

    expect(bridge.put()).toEqual([
      {
        source: 'fanfare.prod',
        type: 'connection opened',
        detail: { id: 'connection opened#Abc=', time, connectionId: 'Abc=', user: 'ann' },
        time: new Date(time),
      },
    ]);
  });

  it('that adds an anonymous one is sent without a user', async () => {
    await handler(streamEvent({ key, after: { expiresAt: { N: '1' } } }));

    expect(bridge.put()[0]?.detail).toEqual({ id: 'connection opened#Abc=', time, connectionId: 'Abc=' });
  });

  it('that removes one is sent as closed, with its user', async () => {
    await handler(streamEvent({ key, before: ofAnn }));

    expect(bridge.put()[0]).toMatchObject({
      type: 'connection closed',
      detail: { id: 'connection closed#Abc=', user: 'ann', reason: 'closed' },
    });
  });

  it('that the table made itself is sent as expired', async () => {
    await handler(streamEvent({ key, before: ofAnn, isExpiry: true }));

    expect(bridge.put()[0]?.detail).toMatchObject({ reason: 'expired' });
  });

  it('is sent under the same id when it comes again', async () => {
    await handler(streamEvent({ key, after: ofAnn }));
    await handler(streamEvent({ key, after: ofAnn }));

    const [first, second] = bridge.put();
    expect(second).toEqual(first);
  });

  it('fails when the event cannot be sent, so that the change comes again', async () => {
    bridge.sdk.on(PutEventsCommand).rejects(new Error('no bus'));

    await expect(handler(streamEvent({ key, after: ofAnn }))).rejects.toThrow('no bus');
  });

  it.each([undefined, {}, { Records: [{}] }])(
    'fails for an event that is not of a stream: %j',
    async (event) => {
      await expect(handler(event)).rejects.toThrow('Invalid');
    },
  );
});
