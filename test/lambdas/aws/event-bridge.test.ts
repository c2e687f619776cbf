import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventBridge, NO_EVENTS } from '../../../lambdas/aws/event-bridge.ts';
import { lifecycleEvent } from '../../../lambdas/realtime/lifecycle/lifecycle.ts';
import { eventBridgeMock, taken } from '../stream-records.ts';

const bridge = eventBridgeMock();
const lifecycle = eventBridge(new EventBridgeClient({ region: 'us-east-1' }), 'fanfare.prod');

const opened = (connectionId: string) => lifecycleEvent('connection opened', { connectionId }, 1_000);
const ofBytes = (bytes: number) =>
  lifecycleEvent('message published', { channel: 'chat:a', seq: 1, data: 'x'.repeat(bytes) }, 1_000);
const callSizes = () =>
  bridge.sdk.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries?.length);

beforeEach(() => bridge.reset());

describe('events to EventBridge', () => {
  it('go in calls of ten, in their order', async () => {
    const ids = Array.from({ length: 23 }, (_, n) => `c${n}`);

    await lifecycle.put(ids.map(opened));

    expect(callSizes()).toEqual([10, 10, 3]);
    expect(bridge.put().map(({ detail }) => detail.connectionId)).toEqual(ids);
  });

  it.each([
    ['what fits into 256 KB is one call', 85_000, [3]],
    ['what does not is two', 88_000, [2, 1]],
  ])('%s', async (_what, bytes, calls) => {
    await lifecycle.put([ofBytes(bytes), ofBytes(bytes), ofBytes(bytes)]);

    expect(callSizes()).toEqual(calls);
  });

  it('cause no call for an empty list', async () => {
    await lifecycle.put([]);

    expect(callSizes()).toEqual([]);
  });

  it('are sent again if EventBridge refused them, and only those', async () => {
    bridge.sdk
      .on(PutEventsCommand)
      .resolvesOnce({
        FailedEntryCount: 1,
        Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }, { EventId: '3' }],
      })
      .resolves(taken(1));

    await lifecycle.put(['a', 'b', 'c'].map(opened));

    expect(bridge.put().map(({ detail }) => detail.connectionId)).toEqual(['a', 'b', 'c', 'b']);
  });

  it('fail after repeated refusals with an error that has the reason but not their content', async () => {
    bridge.sdk
      .on(PutEventsCommand)
      .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'oops' }] });

    await expect(lifecycle.put([opened('secret')])).rejects.toThrow(
      /^EventBridge did not take all events: InternalFailure$/,
    );
    expect(callSizes()).toHaveLength(6);
  });

  it('cause no call in a stage without lifecycle events', async () => {
    await eventBridge(new EventBridgeClient({ region: 'us-east-1' }), NO_EVENTS).put([opened('a')]);

    expect(callSizes()).toEqual([]);
  });
});
