import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { messageEventFixture } from './gateway-events.ts';

vi.stubEnv('CONNECTIONS_TABLE', 'connections');
vi.stubEnv('MAILBOXES_TABLE', 'mailboxes');
vi.stubEnv('CHARGES_TABLE', 'charges');
vi.stubEnv('DELIVERY_CLAIMS_TABLE', 'delivery-claims');
vi.stubEnv('HTTP_SESSIONS_TABLE', 'http-sessions');
vi.stubEnv('SUBSCRIPTIONS_TABLE', 'subscriptions');
vi.stubEnv('CHANNELS_TABLE', 'channels');
vi.stubEnv('MESSAGES_TABLE', 'messages');
vi.stubEnv('VALUES_TABLE', 'values');
vi.stubEnv('PUBLISH_KEYS_TABLE', 'publish-keys');
vi.stubEnv('READ_POSITIONS_TABLE', 'read-positions');
vi.stubEnv('MANAGEMENT_ENDPOINT', 'https://api.example/prod');
vi.stubEnv('DELIVERY_WORKER', 'deliver');
vi.stubEnv('PRESENCE_TABLE', 'presence');
vi.stubEnv('READ_POSITIONS_TABLE', 'read-positions');
vi.stubEnv('FAREWELL_WORKER', 'farewell');
vi.stubEnv('POSTS_PER_SECOND', '5000');
vi.stubEnv('STAGE', 'prod');
vi.stubEnv('AWS_REGION', 'us-east-1');
// Makes the logger print through the global console.
vi.stubEnv('POWERTOOLS_DEV', 'true');

const dynamodb = mockClient(DynamoDBClient);
const management = mockClient(ApiGatewayManagementApiClient);
const { handler } = await import('../../lambdas/default.ts');

describe('$default', () => {
  beforeEach(() => {
    dynamodb.reset();
    dynamodb.on(GetItemCommand).resolves({ Item: { seq: { N: '7' }, createdAt: { N: '1' } } });
    management.reset();
  });

  it('returns the reply as the body of a proxy result, which the two-way route sends (PR-4)', async () => {
    dynamodb.on(UpdateItemCommand).resolves({});
    dynamodb.on(PutItemCommand).resolves({});

    const result = await handler(
      messageEventFixture('{"action":"subscribe","channel":"public:news","id":1}'),
    );

    expect(result).toEqual({
      statusCode: 200,
      body: '{"event":"subscribed","channel":"public:news","seq":7,"id":1}',
    });
  });

  it('answers an empty message, whose event has no body (RT-5)', async () => {
    const { body } = await handler(messageEventFixture());

    expect(JSON.parse(body ?? '')).toMatchObject({ event: 'error', code: 'bad-request' });
  });

  it('takes the user only from the authorizer (EV-14)', async () => {
    dynamodb.on(UpdateItemCommand).resolves({});
    dynamodb.on(PutItemCommand).resolves({});
    const frame = '{"action":"subscribe","channel":"chat:a","user":"eve"}';

    const anonymous = await handler(messageEventFixture(frame));
    const signedIn = await handler(messageEventFixture(frame, 'ann'));

    expect(JSON.parse(anonymous.body ?? '')).toMatchObject({ code: 'unauthenticated' });
    expect(JSON.parse(signedIn.body ?? '')).toMatchObject({ event: 'subscribed' });
    expect(dynamodb.commandCalls(PutItemCommand)[0]?.args[0].input.Item).toMatchObject({
      user: { S: 'ann' },
    });
  });

  it('does not have the namespace open on a deployed stage', async () => {
    const { body } = await handler(messageEventFixture('{"action":"publish","channel":"open:a","data":1}'));

    expect(JSON.parse(body ?? '')).toMatchObject({ code: 'forbidden' });
    expect(dynamodb.calls()).toHaveLength(0);
  });

  it('logs a failure on our side without the frame that caused it', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
    dynamodb.on(UpdateItemCommand).rejects(new Error('no table'));
    const frame = '{"action":"subscribe","channel":"public:news","note":"secret in the frame"}';

    const { body } = await handler(messageEventFixture(frame));

    expect(JSON.parse(body ?? '')).toMatchObject({ code: 'internal' });
    const logged = JSON.stringify(printed.mock.calls);
    expect(logged).toContain('no table');
    expect(logged).toContain('request-1');
    expect(logged).not.toContain('secret in the frame');
    printed.mockRestore();
  });
});
