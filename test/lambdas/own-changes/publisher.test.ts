/** The functions of `publishChanges`: which events they put for changes, and what Lambda repeats. */

import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { publisherOf } from '../../../lambdas/own-changes/publisher.ts';
import type { Announce } from '../../../lambdas/own-logic/item-change.ts';

const bridge = mockClient(EventBridgeClient);
const client = new EventBridgeClient({ region: 'eu-central-1' });

beforeEach(() => {
  bridge.reset();
  bridge.on(PutEventsCommand).callsFake(({ Entries }) => ({
    FailedEntryCount: 0,
    Entries: Entries.map(() => ({ EventId: 'one' })),
  }));
});

const record = (id: string, eventName = 'INSERT') => ({
  eventName,
  dynamodb: {
    ApproximateCreationDateTime: 1_763_793_000,
    Keys: { id: { S: id } },
    ...(eventName !== 'REMOVE' && { NewImage: { id: { S: id }, pieces: { N: '2' } } }),
    SequenceNumber: `number-${id}`,
  },
});

const run = (announce: Announce, ...records: readonly object[]) =>
  publisherOf(announce, { client, stage: 'Shop-Realtime' })({ Records: records });

const entries = () =>
  bridge.commandCalls(PutEventsCommand).flatMap(({ args: [{ input }] }) => input.Entries ?? []);

const details = () => entries().map(({ Detail = '' }) => JSON.parse(Detail));

describe('a change of a table', () => {
  it('is told as the file says, for this stage only, under the number of the change', async () => {
    const outcome = await run(({ after }) => ({ channels: ['orders:all'], data: after }), record('7'));

    expect(outcome).toEqual({ batchItemFailures: [] });
    expect(entries()).toEqual([
      {
        Source: 'fanfare.publish.Shop-Realtime',
        DetailType: 'fanfare.publish',
        Time: new Date(1_763_793_000_000),
        Detail: expect.any(String),
      },
    ]);
    expect(details()).toEqual([
      {
        stage: 'Shop-Realtime',
        channels: ['orders:all'],
        data: { id: '7', pieces: 2 },
        key: 'number-7',
      },
    ]);
  });

  it('may have a key of its own, and need not be told', async () => {
    const keyed: Announce = ({ key, after }) =>
      after && { users: ['ann'], data: 1, key: `order-${String(key['id'])}` };
    await run(keyed, record('7'), record('8', 'REMOVE'));

    expect(details()).toEqual([{ stage: 'Shop-Realtime', users: ['ann'], data: 1, key: 'order-7' }]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('No'))],
    ['returns no announcement', () => ({ channels: [], data: 1 })],
    ['names a channel that there cannot be', () => ({ channels: ['a b'], data: 1 })],
  ] as const)(
    'whose file %s is repeated with all changes after it, and those before it are told',
    async (_what, fail) => {
      const announce: Announce = ({ id }) => (id === 'number-8' ? fail() : { everyone: true, data: id });

      const outcome = await run(announce, record('7'), record('8'), record('9'));

      expect(outcome).toEqual({ batchItemFailures: [{ itemIdentifier: 'number-8' }] });
      expect(details().map(({ data }) => data)).toEqual(['number-7']);
    },
  );
});
