import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  ForbiddenException,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { outbound } from '../../../lambdas/aws/management-api.ts';

const sdk = mockClient(ApiGatewayManagementApiClient);
const client = new ApiGatewayManagementApiClient({
  endpoint: 'https://api.example/prod',
  region: 'us-east-1',
});
const frame = new TextEncoder().encode('{}');
const gone = new GoneException({ message: 'gone', $metadata: { httpStatusCode: 410 } });
const forbidden = new ForbiddenException({ message: 'forbidden', $metadata: { httpStatusCode: 403 } });

describe('the management API', () => {
  beforeEach(() => {
    sdk.reset();
  });

  it.each([
    [200, 'sent'],
    [410, 'gone'],
  ] as const)('answers a %i of the fast way without asking the SDK', async (status, outcome) => {
    const api = outbound(client, async () => status);

    expect(await api.post('id=', frame)).toBe(outcome);
    expect(sdk.calls()).toHaveLength(0);
  });

  it.each([429, 500, 503])('leaves a %i to the SDK, which retries', async (status) => {
    sdk.on(PostToConnectionCommand).resolves({});
    const api = outbound(client, async () => status);

    expect(await api.post('id=', frame)).toBe('sent');
    expect(sdk.commandCalls(PostToConnectionCommand, { ConnectionId: 'id=', Data: frame })).toHaveLength(1);
  });

  it('leaves a post without an answer to the SDK', async () => {
    sdk.on(PostToConnectionCommand).resolves({});
    const api = outbound(client, () => Promise.reject(new Error('ECONNRESET')));

    expect(await api.post('id=', frame)).toBe('sent');
  });

  it('knows a GoneException of the SDK', async () => {
    sdk.on(PostToConnectionCommand).rejects(gone);

    expect(await outbound(client, async () => 500).post('id=', frame)).toBe('gone');
  });

  it('throws what is neither sent nor gone', async () => {
    sdk.on(PostToConnectionCommand).rejects(forbidden);

    await expect(outbound(client, async () => 403).post('id=', frame)).rejects.toBe(forbidden);
  });

  it('disconnects, and finds nothing wrong with a connection that is gone already', async () => {
    sdk.on(DeleteConnectionCommand, { ConnectionId: 'here=' }).resolves({});
    sdk.on(DeleteConnectionCommand, { ConnectionId: 'gone=' }).rejects(gone);
    const api = outbound(client, async () => 200);

    await api.disconnect('here=');
    await api.disconnect('gone=');

    expect(sdk.commandCalls(DeleteConnectionCommand)).toHaveLength(2);
  });

  it('throws when a disconnect fails', async () => {
    sdk.on(DeleteConnectionCommand).rejects(forbidden);

    await expect(outbound(client, async () => 200).disconnect('id=')).rejects.toBe(forbidden);
  });
});
