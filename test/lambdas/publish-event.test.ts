import { DynamoDBClient, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EVENTS, publishKeyOf } from '../../lambdas/realtime/log/sender.ts';

for (const table of [
  'CONNECTIONS',
  'SUBSCRIPTIONS',
  'CHANNELS',
  'MESSAGES',
  'VALUES',
  'PUBLISH_KEYS',
  'MAILBOXES',
  'HTTP_SESSIONS',
  'DELIVERY_CLAIMS',
])
  vi.stubEnv(`${table}_TABLE`, table);
vi.stubEnv('MANAGEMENT_ENDPOINT', 'http://127.0.0.1:1/prod');
vi.stubEnv('DELIVERY_WORKER', 'deliver');
vi.stubEnv('POSTS_PER_SECOND', '5000');
vi.stubEnv('STAGE', 'prod');
vi.stubEnv('AWS_REGION', 'us-east-1');
// Makes the logger print through the global console.
vi.stubEnv('POWERTOOLS_DEV', 'true');

const sdk = mockClient(DynamoDBClient);
const { handler } = await import('../../lambdas/publish-event.ts');
const invoke = (event: unknown) => handler(event, { awsRequestId: 'request-1' });

describe('publish-event', () => {
  beforeEach(() => {
    sdk.reset();
    sdk.on(UpdateItemCommand).resolves({ Attributes: { seq: { N: '101' }, createdAt: { N: '1' } } });
    sdk.on(PutItemCommand).resolves({});
    sdk.on(QueryCommand).resolves({ Items: [] });
  });

  const rowOf = (key: string) => publishKeyOf('public:a', { sender: EVENTS, key });

  /** The retry keys that were written. */
  function keys(): (string | undefined)[] {
    return sdk
      .commandCalls(UpdateItemCommand)
      .flatMap(({ args }) => args[0].input.Key?.['publishKey']?.S ?? []);
  }

  it('publishes the detail of an event under a key made of its id, so that it lands once if it comes twice', async () => {
    await invoke({
      id: 'event-7',
      'detail-type': 'fanfare.publish',
      detail: { channels: ['public:a'], data: 1 },
    });

    expect(keys()).toEqual([rowOf('event-7')]);
  });

  it('gives each message of an event a key of its own', async () => {
    const messages = [{ data: 1 }, { data: 2, key: 'mine' }];

    await invoke({ id: 'event-7', detail: { channels: ['public:a'], messages } });

    expect(keys()).toEqual([rowOf('event-7/0'), rowOf('mine')]);
  });

  it('publishes what a transformer has made of an event', async () => {
    await invoke({ id: 'event-8', channels: ['public:a'], data: { object: 'picture.png' } });

    expect(keys()).toEqual([rowOf('event-8')]);
  });

  it.each([
    ['in its detail', { id: 'event-1', detail: { stage: 'dev', channels: ['public:a'], data: 1 } }],
    ['in place of it', { id: 'event-1', stage: 'dev', channels: ['public:a'], data: 1 }],
  ])('ignores an event that names another stage %s', async (_where, event) => {
    await invoke(event);

    expect(sdk.calls()).toEqual([]);
  });

  it('publishes an event that names its own stage, and the message does not contain the stage', async () => {
    await invoke({ id: 'event-7', detail: { stage: 'prod', channels: ['public:a'], data: 1 } });
    await invoke({ id: 'event-8', stage: 'prod', channels: ['public:a'], data: 1 });
    const written = JSON.stringify(sdk.commandCalls(PutItemCommand).map(({ args }) => args[0].input));

    expect(keys()).toEqual([rowOf('event-7'), rowOf('event-8')]);
    expect(written).not.toContain('stage');
  });

  it('fails when the table does, so that the event comes again', async () => {
    sdk.on(UpdateItemCommand).rejects(new Error('no table'));

    await expect(invoke({ id: 'event-9', detail: { channels: ['public:a'], data: 1 } })).rejects.toThrow(
      'Not published everywhere',
    );
  });

  it.each([
    ['no channel', { id: 'event-1', detail: { data: 1 } }],
    ['no data', { id: 'event-1', detail: { channels: ['public:a'] } }],
    ['no object', 'text'],
    ['a stage that is no text', { id: 'event-1', detail: { stage: 7, channels: ['public:a'], data: 1 } }],
    ['a namespace that does not exist', { id: 'event-1', detail: { channels: ['nope:a'], data: 1 } }],
  ])('does not fail at an event that has %s, because a repetition would not help', async (_what, event) => {
    await invoke(event);

    expect(sdk.commandCalls(PutItemCommand)).toEqual([]);
  });
});

describe('an event with a number', () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});

  beforeEach(() => {
    error.mockClear();
    sdk.reset();
    sdk.on(UpdateItemCommand).resolves({ Attributes: { seq: { N: '101' }, createdAt: { N: '1' } } });
    sdk.on(PutItemCommand).resolves({});
    sdk.on(QueryCommand).resolves({ Items: [] });
  });

  /** As Lambda's runtime hands it over: parsed. */
  const parsed = (data: string): unknown =>
    JSON.parse(`{"id":"event-7","detail":{"channels":["public:a"],"data":{"a":[${data}]}}}`);

  it.each(['590518626939830271', '1e400', '-9007199254740993'])(
    'that may have changed is an error in the log, and is not published: %s',
    async (number) => {
      await invoke(parsed(number));

      expect(sdk.calls()).toEqual([]);
      expect(error).toHaveBeenCalledTimes(1);
      expect(String(error.mock.calls[0]?.[0])).toContain('send it as a string');
    },
  );

  it.each(['9007199254740991', '0.1', '-2.5e-3', '1e15'])(
    'that arrives as sent is published: %s',
    async (number) => {
      await invoke(parsed(number));

      const [put] = sdk.commandCalls(PutItemCommand);
      expect(JSON.stringify(put?.args[0].input)).toContain(
        JSON.stringify(`{"a":[${Number(number)}]}`).slice(1, -1),
      );
      expect(error).not.toHaveBeenCalled();
    },
  );

  it('nested too deep to be printed is refused as well', async () => {
    await invoke(parsed('['.repeat(3_000) + ']'.repeat(3_000)));

    expect(sdk.calls()).toEqual([]);
    expect(String(error.mock.calls[0]?.[0])).toContain('deeper than 64 levels');
  });
});
