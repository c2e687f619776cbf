import { beforeEach, describe, expect, it, vi } from 'vitest';
import { eventBridgeMock, streamEvent } from './stream-records.ts';

vi.stubEnv('EVENT_SOURCE', 'fanfare.prod');
vi.stubEnv('AWS_REGION', 'us-east-1');

const bridge = eventBridgeMock();
const key = { channel: { S: 'chat:room' }, seq: { N: '17' } };
const message = { data: { S: '{"text":"hi"}' }, time: { N: '1795355541564' } };

/** The function as a stage has it. */
async function start(events: 'with data' | 'without data') {
  vi.stubEnv('MESSAGE_EVENTS', events);
  vi.resetModules();
  const { handler } = await import('../../lambdas/message-events.ts');
  return handler;
}

describe('a record in a log', () => {
  beforeEach(() => bridge.reset());

  it('is sent as published, with its number and sender, and without its data', async () => {
    const handler = await start('without data');

    await handler(streamEvent({ key, after: { ...message, from: { S: 'ann' } } }));

    expect(bridge.put()).toEqual([
      {
        source: 'fanfare.prod',
        type: 'message published',
        detail: {
          id: 'message published#chat:room#17',
          time: 1795355541564,
          channel: 'chat:room',
          seq: 17,
          from: 'ann',
        },
        time: new Date(1795355541564),
      },
    ]);
  });

  it('is sent with its data if the stage wants that', async () => {
    const handler = await start('with data');

    await handler(streamEvent({ key, after: message }));

    expect(bridge.put()[0]?.detail).toMatchObject({ seq: 17, data: { text: 'hi' } });
  });

  it.each(['with data', 'without data'] as const)(
    'that is an edit names the message that it replaces, %s of messages, and has no data',
    async (events) => {
      const handler = await start(events);
      const edit = { time: message.time, replaces: { N: '12' } };

      await handler(streamEvent({ key, after: edit }, { key, after: { ...edit, removed: { BOOL: true } } }));

      const common = { channel: 'chat:room', seq: 17, replaces: 12, time: 1795355541564 };
      const id = 'message published#chat:room#17';
      expect(bridge.put().map(({ detail }) => detail)).toEqual([
        { id, ...common },
        { id, ...common, removed: true },
      ]);
    },
  );

  it('that is void is not sent', async () => {
    const handler = await start('with data');

    await handler(streamEvent({ key, after: { void: { BOOL: true }, time: { N: '1' } } }));

    expect(bridge.put()).toEqual([]);
  });
});
